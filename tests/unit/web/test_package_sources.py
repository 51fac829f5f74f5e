"""Packages as people hand them in: zips, JSON, folders; hostile ones are refused before anything is read into them."""

import contextlib
import io
import random
import zipfile

import pytest

from engine.domain.errors import Invalid, Refused, TooLarge
from web.package_sources import MAX_FILES, admit, from_folder, from_json, from_zip, to_folder, to_zip

LIMIT = 100_000
FILES = {"package.toml": b"id = 1", "forms/a.form": b"{}", "main.bpmn": b"<x/>"}
UNSAFE = [
    "../package.toml", "forms/../../x", "/etc/passwd", "C:\\x.bpmn", "a\\b.bpmn", "a//b.bpmn", "./a.bpmn", "forms/",
    "a/\x00.bpmn", "\ud800.bpmn", "~/a.bpmn", ".git/config", "è.bpmn", "x" * 300 + ".bpmn", "", "a..bpmn",
]  # fmt: skip


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_zip_gives_its_files():
    assert from_zip(zipped(FILES), LIMIT) == FILES


def test_the_folder_around_all_files_is_taken_off():
    assert from_zip(zipped({f"mrdoc/{name}": content for name, content in FILES.items()}), LIMIT) == FILES


def test_what_is_packed_comes_back_and_is_the_same_each_time():
    assert from_zip(to_zip(FILES), LIMIT) == FILES
    assert to_zip(FILES) == to_zip(dict(reversed(FILES.items())))


def test_a_bomb_is_stopped_by_what_comes_out_of_it():
    bomb = zipped({"package.toml": b"\0" * 50_000_000})
    assert len(bomb) < LIMIT
    with pytest.raises(TooLarge):
        from_zip(bomb, LIMIT)


def test_too_many_files_are_refused():
    with pytest.raises(TooLarge):
        from_zip(zipped({f"{n}.bpmn": b"" for n in range(MAX_FILES + 1)}), LIMIT)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", zipped(FILES)[:-10], b"\0" * 1000])
def test_what_is_no_zip_is_refused(content):
    with pytest.raises(Invalid, match="zip"):
        from_zip(content, LIMIT)


def test_a_zip_that_lies_about_its_content_is_refused():
    content = bytearray(zipped(FILES))
    content[35] ^= 0xFF
    with pytest.raises((Invalid, Refused)):
        from_zip(bytes(content), LIMIT)


def test_a_damaged_zip_is_refused_or_read_never_more():
    whole, chance = zipped(FILES), random.Random(5)
    for _ in range(3_000):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.choice((0, 0xFF, chance.randrange(256)))
        with contextlib.suppress(Invalid, Refused):
            from_zip(bytes(content), LIMIT)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_unpacker_takes_what_memory_it_likes_is_refused(packing):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        archive.writestr("package.toml", FILES["package.toml"])
    with pytest.raises(Invalid, match="deflate"):
        from_zip(buffer.getvalue(), LIMIT)


@pytest.mark.parametrize("path", UNSAFE)
def test_paths_that_lead_elsewhere_are_refused(path):
    with pytest.raises(Refused) as caught:
        admit({path: b"", "package.toml": b""}, LIMIT)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].problem.isprintable()


def test_json_takes_texts_and_base64():
    assert from_json({"package.toml": "id = 1", "a.bpmn": {"base64": "PHgvPg=="}}, LIMIT) == {
        "package.toml": b"id = 1",
        "a.bpmn": b"<x/>",
    }


@pytest.mark.parametrize("value", [1, None, [], {}, {"base64": "…"}, {"base64": 1}, {"base64": "", "more": 1}])
def test_other_json_is_refused(value):
    with pytest.raises(Invalid):
        from_json({"package.toml": value}, LIMIT)


def test_json_has_the_same_limit():
    with pytest.raises(TooLarge):
        from_json({"package.toml": "x" * (LIMIT + 1)}, LIMIT)


def test_a_folder_comes_back_without_what_is_hidden(tmp_path):
    to_folder(FILES, tmp_path)
    (tmp_path / ".DS_Store").write_bytes(b"x")
    assert from_folder(tmp_path, LIMIT) == FILES


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(Invalid):
        from_folder(tmp_path / "nothing", LIMIT)
