"""Names of files: whatever somebody sends becomes one plain name that any system can save."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.files import clean_name
from engine.domain.files.names import LONGEST, LONGEST_BYTES, ending_of


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("Photo.PNG", "Photo.PNG"),
        ("Città è già – 3 €.pdf", "Città è già – 3 €.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\quote.pdf", "quote.pdf"),
        ("/tmp/", "tmp"),
        ("x\r\nSet-Cookie: a=b.pdf", "x Set-Cookie_ a=b.pdf"),
        ("a\0b.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069\u200b.pdf", "a.pdf"),
        ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("CON.txt", "_CON.txt"),
        ("trailing. . .", "trailing"),
        ("a\ud800b.txt", "ab.txt"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_name_becomes_plain(given_name, clean):
    assert clean_name(given_name) == clean


def test_a_long_name_keeps_its_ending():
    assert clean_name("a" * 500 + ".pdf") == "a" * (LONGEST - 4) + ".pdf"
    wide = clean_name("ж" * 500 + ".pdf")
    assert wide.endswith("ж.pdf") and len(wide.encode()) <= LONGEST_BYTES
    assert len(clean_name("a." + "b" * 500)) <= LONGEST


@given(st.text(st.characters(), max_size=300))
def test_any_text_becomes_a_name_that_stays_as_it_is(text):
    name = clean_name(text)
    assert name and len(name) <= LONGEST and len(name.encode()) <= LONGEST_BYTES
    assert not set(name) & set('/\\"<>|?*:\r\n\0')
    assert name not in (".", "..") and name == name.strip(" ")
    assert not any(unicodedata.bidirectional(c) in ("LRO", "RLO", "LRE", "RLE", "PDF", "RLI", "LRI") for c in name)
    assert clean_name(name) == name


def test_endings_are_told_in_small_letters():
    assert [ending_of(name) for name in ("a.PNG", "a.tar.gz", "a", ".png", "a.")] == ["png", "gz", "", "", ""]
