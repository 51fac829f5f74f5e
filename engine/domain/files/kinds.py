"""The kinds of files that may be attached, and what each is served as. Any other ending is refused.

Nothing is served as a type that a browser runs: what it would run goes out as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.errors import Invalid
from engine.domain.files.names import ending_of
from engine.domain.said import said

BYTES = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What files with an ending must look like, and what they are served as."""

    ending: str
    media_type: str
    #: endings under which signatures are known, any of which its content may have; empty: it is a text
    looks: frozenset[str] = frozenset()
    #: bytes that stand somewhere in it: what tells an office document from any other zip
    mark: bytes = b""

    @property
    def is_text(self) -> bool:
        """Whether it is told by being a text, and not by a signature."""
        return not self.looks


def _signed(media_type: str, endings: str, looks: str = "", mark: bytes = b"") -> dict[str, FileKind]:
    """Kinds with signatures; `looks` where these are known under other endings."""
    known = frozenset(f".{ending}" for ending in (looks or endings).split())
    return {ending: FileKind(ending, media_type, known, mark) for ending in endings.split()}


def _texts(media_type: str, endings: str) -> dict[str, FileKind]:
    return {ending: FileKind(ending, media_type) for ending in endings.split()}


_KINDS: Mapping[str, FileKind] = {
    **_signed("application/pdf", "pdf"),
    **_signed("image/png", "png"),
    **_signed("image/jpeg", "jpg jpeg"),
    **_signed("image/gif", "gif"),
    **_signed("image/webp", "webp"),
    **_signed("image/bmp", "bmp"),
    **_signed("image/tiff", "tif tiff"),
    **_signed("image/heic", "heic heif"),
    **_signed(f"{_OOXML}.wordprocessingml.document", "docx", "zip", b"[Content_Types].xml"),
    **_signed(f"{_OOXML}.spreadsheetml.sheet", "xlsx", "zip", b"[Content_Types].xml"),
    **_signed(f"{_OOXML}.presentationml.presentation", "pptx", "zip", b"[Content_Types].xml"),
    **_signed(f"{_ODF}.text", "odt", "zip", f"{_ODF}.text".encode()),
    **_signed(f"{_ODF}.spreadsheet", "ods", "zip", f"{_ODF}.spreadsheet".encode()),
    **_signed(f"{_ODF}.presentation", "odp", "zip", f"{_ODF}.presentation".encode()),
    **_signed("application/msword", "doc"),
    **_signed("application/vnd.ms-excel", "xls", "doc"),
    **_signed("application/vnd.ms-powerpoint", "ppt", "doc"),
    **_signed("application/vnd.ms-outlook", "msg", "doc"),
    **_signed("application/rtf", "rtf"),
    **_signed("application/zip", "zip"),
    **_signed("video/mp4", "mp4", "mp4 mov m4v m4a 3gp"),
    **_signed("video/quicktime", "mov", "mov mp4 3gp"),
    **_signed("video/webm", "webm", "webm mkv"),
    **_signed("audio/mpeg", "mp3"),
    **_signed("audio/mp4", "m4a", "m4a mp4"),
    **_signed("audio/wav", "wav"),
    **_signed("audio/ogg", "ogg opus", "ogg ogv oga opus"),
    **_texts("text/plain", "txt log"),
    **_texts("text/csv", "csv"),
    **_texts("application/json", "json"),
    **_texts(BYTES, "md tsv ics eml xml html htm svg"),
}
#: what may be attached, for whoever chooses a file
ENDINGS: tuple[str, ...] = tuple(sorted(_KINDS))


def kind_of(name: str) -> FileKind:
    """The kind that a clean name says. Raises `Invalid` where no such file may be attached."""
    ending = ending_of(name)
    if ending in _KINDS:
        return _KINDS[ending]
    known = ", ".join(ENDINGS)
    if not ending:
        text = said("The name {name} has no ending that says what it is. Known are: {known}.", name=name, known=known)
    else:
        text = said("Files that end with .{ending} can't be attached. Known are: {known}.", ending=ending, known=known)
    raise Invalid(text, {"file": [text]})
