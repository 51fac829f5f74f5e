"""Takes a file in, piece by piece, before any transaction: slow senders hold nobody up, and memory stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from engine.domain.errors import Invalid, TooLarge
from engine.domain.files import Inspection, clean_name, kind_of
from engine.domain.said import said
from engine.storage.tickets.attachments import PIECE

#: larger ones lie on disk meanwhile
_IN_MEMORY = 1_048_576


class Stream(Protocol):
    """Whatever gives bytes in order."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; empty at the end."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken in whole and is what its name says."""

    name: str
    media_type: str
    size: int
    #: SHA-256, hexadecimal
    hash: str
    _content: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Its content, from the start."""
        self._content.seek(0)
        return iter(lambda: self._content.read(PIECE), b"")

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept of it beside the content."""
        return {"name": self.name, "media_type": self.media_type, "size": self.size, "hash": self.hash}


@contextmanager
def taken_in(name: str, stream: Stream, limit: int) -> Iterator[Upload]:
    """The stream, read to its end. Raises `Invalid` (field `file`) where name or content aren't taken, `TooLarge`."""
    clean = clean_name(name)
    inspection = Inspection(kind_of(clean))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
        while piece := stream.read(PIECE):
            inspection.see(piece)
            if inspection.size > limit:
                text = said("{name} is larger than {megabytes} MB.", name=clean, megabytes=_megabytes(limit))
                raise TooLarge(text, {"file": [text]})
            content.write(piece)
        if problem := inspection.problem():
            text = said("{name} can't be attached. {problem}", name=clean, problem=problem)
            raise Invalid(text, {"file": [text]})
        yield Upload(clean, inspection.kind.media_type, inspection.size, inspection.hash, content)


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.3g}"
