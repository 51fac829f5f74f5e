"""The small files of demonstrations are what their names say, by the same look that attachments get."""

from __future__ import annotations

import zlib

import pytest

from engine.commands.demonstration.files import make
from engine.domain.files import Inspection, kind_of

TEXT = "Preventivo (bozza)\nPrima riga\nTotale: 120 €"


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.pdf", "a.png"])
@pytest.mark.parametrize("text", [TEXT, "", "x" * 5_000, "\n".join(map(str, range(200)))])
def test_the_content_is_what_the_name_says(name: str, text: str) -> None:
    inspection = Inspection(kind_of(name))
    inspection.see(make(name, text))
    assert inspection.problem() is None


def test_a_text_file_holds_the_text() -> None:
    assert make("a.txt", TEXT).decode() == TEXT


def test_a_page_shows_every_line_of_the_text() -> None:
    page = make("a.pdf", TEXT).decode("cp1252")
    for line in (r"Preventivo \(bozza\)", "Prima riga", "Totale: 120 €"):
        assert f"({line}) Tj" in page
    where = int(page.rpartition("startxref\n")[2].split()[0])
    assert make("a.pdf", TEXT)[where:].startswith(b"xref")


def test_a_picture_has_its_size_in_whole_rows() -> None:
    picture = make("a.png", TEXT)
    width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    data = picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8]
    assert len(zlib.decompress(data)) == height * (1 + 3 * width)
