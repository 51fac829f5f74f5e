"""Downloads: names reach any browser unharmed, and nothing is shown or run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from engine.domain.files import clean_name
from web.http.downloads import disposition, download


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("quote.pdf", "quote.pdf"),
        ("Città è già.pdf", "Citta e gia.pdf"),
        ("گزارش.pdf", "file.pdf"),
        ("100%.txt", "100_.txt"),
        ("a, b; c=d.txt", "a, b; c=d.txt"),
    ],
)
def test_old_readers_get_letters_they_know(name, plain):
    assert f'filename="{plain}"' in disposition(name)


@given(st.text(max_size=200))
def test_any_clean_name_arrives_as_it_is(text):
    name = clean_name(text)
    header = disposition(name)
    assert header.isascii() and header.isprintable()
    how, options = parse_options_header(header)
    assert (how, options["filename"]) == ("attachment", name)


def test_a_download_is_saved_and_never_run():
    response = download("a.svg", "application/octet-stream", 3, iter([b"ab", b"c"]))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy
    assert (response.headers["Content-Length"], response.get_data()) == ("3", b"abc")
