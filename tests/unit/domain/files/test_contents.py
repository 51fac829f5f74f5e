"""Contents of files: each must be what its name says, told from its bytes alone."""

from __future__ import annotations

import hashlib

import pytest

from engine.domain.errors import Invalid
from engine.domain.files import ENDINGS, Inspection, kind_of
from tests.support.files import GENUINE, OLE, PDF, image, zipped

#: what browsers run or show as a page
ACTIVE = ("html", "svg", "xml", "javascript", "xhtml", "mhtml", "message/rfc822")


def problem(name: str, content: bytes, piece: int = 4_096) -> str:
    inspection = Inspection(kind_of(name))
    for start in range(0, len(content), piece):
        inspection.see(content[start : start + piece])
    return str(inspection.problem() or "")


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_file_is_taken(name):
    assert problem(name, GENUINE[name]) == ""


@pytest.mark.parametrize("piece", [1, 7, 8_192, 1_000_000])
def test_pieces_make_no_difference(piece):
    content = GENUINE["late.docx"] + bytes(20_000)
    assert problem("a.docx", content, piece) == ""
    inspection = Inspection(kind_of("a.docx"))
    for start in range(0, len(content), piece):
        inspection.see(content[start : start + piece])
    assert (inspection.size, inspection.hash) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\0\3" + bytes(500)),
        ("page.pdf", b"<html>" + b" " * 2_000 + b"%PDF-"),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("photo.png", image("JPEG")),
        ("photo.jpg", image("PNG")),
        ("a.docx", zipped("a.txt")),
        ("a.docx", OLE),
        ("a.odt", zipped("[Content_Types].xml")),
        ("a.xls", PDF),
        ("a.zip", b"PK but no zip"),
        ("virus.txt", b"MZ\x90\0\3" + bytes(500)),
        ("a.csv", zipped("a.txt")),
        ("a.svg", b"\x7fELF\2\1\1" + bytes(64)),
        ("late.txt", b"a" * 20_000 + b"\0"),
        ("a.mp4", PDF),
    ],
)
def test_what_isnt_what_its_name_says_is_refused(name, content):
    assert "content isn't that of" in problem(name, content)


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_empty_is_taken(ending):
    assert problem(f"a.{ending}", b"") == "The file is empty."


@pytest.mark.parametrize("name", ["a.exe", "a.js", "a.docm", "a.PHP", "a.lnk", "a", "pdf", ".pdf", "a.pdf.scr"])
def test_endings_that_arent_listed_are_refused(name):
    with pytest.raises(Invalid) as refused:
        kind_of(name)
    assert "pdf, png" in refused.value.fields["file"][0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_served_as_something_that_runs(ending):
    served = kind_of(f"a.{ending}").media_type
    assert not any(word in served for word in ACTIVE if "openxml" not in served)
