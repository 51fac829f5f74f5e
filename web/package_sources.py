"""Gets a package's files out of what people hand in: zip, JSON, form, folder. What is in them is checked elsewhere.

Nothing is unpacked to disk. Paths that lead out of the package are refused here, foreign files by the check.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from engine.domain.errors import Invalid, Problem, Refused, TooLarge
from engine.domain.said import said

MAX_FILES = 500
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*(/[A-Za-z0-9_][A-Za-z0-9_. -]*)*")
_MAX_PATH = 200
#: what nearly all zips are packed with; the others' unpackers take as much memory as the zip asks for
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: what `zipfile` raises for bytes that aren't what they promise
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError, IndexError, OverflowError,
)  # fmt: skip


def from_zip(content: bytes, limit: int) -> dict[str, bytes]:
    """The files of a zip of at most `limit` bytes unpacked; one folder around all of them is taken off.

    Raises `Invalid` where it isn't a zip, `TooLarge` (told from what comes out, not from what the zip says), `Refused`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _few(len(entries))
            files: dict[str, bytes] = {}
            left = limit
            for entry in entries:
                if entry.filename in files:
                    raise Invalid(said("The zip holds {filename} twice.", filename=f"{entry.filename!r}"))
                if entry.compress_type not in _PACKED:
                    raise Invalid(
                        said(
                            "The zip packs {filename} in a way that isn't read; use deflate.",
                            filename=f"{entry.filename!r}",
                        )
                    )
                with archive.open(entry) as packed:
                    files[entry.filename] = packed.read(left + 1)
                left -= len(files[entry.filename])
                if left < 0:
                    raise TooLarge(said("The package has more than {limit} bytes.", limit=limit))
    except _BROKEN:
        raise Invalid(said("The body isn't a zip file that can be read.")) from None
    return admit(_without_folder(files), limit)


def from_json(value: Mapping[str, Any], limit: int) -> dict[str, bytes]:
    """The files of `{path: text}`, or `{path: {"base64": "…"}}` for bytes. Raises `Invalid`, `TooLarge`, `Refused`."""
    files: dict[str, bytes] = {}
    for path, content in value.items():
        if isinstance(content, str):
            files[path] = content.encode()
        elif isinstance(content, dict) and content.keys() == {"base64"} and isinstance(content["base64"], str):
            try:
                files[path] = base64.b64decode(content["base64"], validate=True)
            except (binascii.Error, ValueError):
                raise Invalid(said("The base64 can't be read."), {path: [said("This isn't base64.")]}) from None
        else:
            raise Invalid(said('A file is a text or {"base64": …}.'), {path: [said("This must be a text.")]})
    return admit(files, limit)


def from_folder(folder: Path, limit: int) -> dict[str, bytes]:
    """The files of a folder, without hidden ones. Raises `Invalid` where it is none, `TooLarge`, `Refused`."""
    if not folder.is_dir():
        raise Invalid(said("{folder} isn't a folder.", folder=folder))
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    paths = {path.relative_to(folder).as_posix(): path for path in found}
    shown = {name: path for name, path in paths.items() if not any(part.startswith(".") for part in name.split("/"))}
    _few(len(shown))
    if sum(path.stat().st_size for path in shown.values()) > limit:
        raise TooLarge(said("The package has more than {limit} bytes.", limit=limit))
    return admit({name: path.read_bytes() for name, path in shown.items()}, limit)


def to_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes the files of a package, as `admit` let them through, into a folder."""
    for name in admit(files, sum(map(len, files.values()))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, the same bytes for the same files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def admit(files: Mapping[str, bytes], limit: int) -> dict[str, bytes]:
    """The files if all of their paths may be in a package. Raises `TooLarge`; `Refused` with each path that may not."""
    _few(len(files))
    if sum(map(len, files.values())) > limit:
        raise TooLarge(said("The package has more than {limit} bytes.", limit=limit))
    problems = [found for found in map(_unsafe, files) if found]
    if problems:
        raise Refused(problems)
    return dict(files)


def _few(count: int) -> None:
    if count > MAX_FILES:
        raise TooLarge(said("The package has more than {max_files} files.", max_files=MAX_FILES))


def _unsafe(path: str) -> Problem | None:
    if len(path) > _MAX_PATH or not _PLAIN.fullmatch(path) or ".." in path:
        shown = ascii(path[:80])
        return Problem(
            shown,
            said("The path {shown} isn't allowed.", shown=shown),
            said("Use letters, digits, _ - . and single slashes."),
        )
    return None


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """People zip the folder as often as what is in it."""
    tops = {path.partition("/")[0] for path in files}
    top = next(iter(tops)) + "/" if len(tops) == 1 else ""
    if top and f"{top}package.toml" in files:
        return {path.removeprefix(top): content for path, content in files.items()}
    return dict(files)
