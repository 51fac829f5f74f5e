"""A file that another modeler wrote goes through a draft, a version and a zip, and is the same in the end."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.integration.conftest import Desk
from tests.support.desk import CLERK
from tests.support.visitors import visitor

#: as the Camunda Modeler 5 writes it
WRITTEN = Path("tests/unit/spiff/dialects/camunda/returns.bpmn").read_bytes()
VARIANTS = {
    "as-written": WRITTEN,
    "windows": b"\xef\xbb\xbf" + WRITTEN.replace(b"\n", b"\r\n"),
    "remarks": WRITTEN.replace(b"<bpmn:laneSet", b"<!-- caf\xc3\xa9, ours -->\t<bpmn:laneSet"),
    "no-end": WRITTEN.rstrip(b"\n"),
}
DRAFT = "/processes/desk/draft"


@pytest.mark.parametrize("content", VARIANTS.values(), ids=VARIANTS.keys())
def test_an_uploaded_diagram_keeps_every_byte_until_it_is_live_and_after(desk: Desk, content: bytes) -> None:
    page = visitor(desk.engine, CLERK)
    page.post(f"{DRAFT}/upload", revision="0", file=(io.BytesIO(content), "returns.bpmn"))
    assert page.get(f"{DRAFT}/saved/returns.bpmn").data == content
    deployed = page.post(f"{DRAFT}/deploying", revision="1", reason="From the Camunda Modeler")
    assert deployed.headers["Location"] == "/processes/desk", deployed.text
    assert page.get("/processes/desk/versions/2/saved/returns.bpmn").data == content
    assert unzipped(page.get("/processes/desk/versions/2/package.zip").data)["returns.bpmn"] == content


def test_a_downloaded_package_is_uploaded_again_without_a_difference(desk: Desk) -> None:
    page = visitor(desk.engine, CLERK)
    packed = page.get("/processes/desk/versions/1/package.zip").data
    page.post(f"{DRAFT}/upload", revision="0", file=(io.BytesIO(packed), "desk-1.zip"))
    assert page.get(f"{DRAFT}/looked.json").get_json()["files"] == {}


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
