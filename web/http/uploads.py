"""Files on their way in: one per request, read as a stream, whether it is the body or a part of a form."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from typing import IO

from flask import request

from engine.domain.errors import Invalid
from engine.domain.said import said
from web.strict_json import Unreadable, storable

BYTES, MULTIPART = "application/octet-stream", "multipart/form-data"
#: what a form may weigh beside the file in it
MARGIN = 262_144
PART = "file"
_PIECE = 262_144
_IN_MEMORY = 1_048_576


@dataclass
class PostedFile:
    """A file of the present request; `name` is empty where the body is the content."""

    name: str
    stream: IO[bytes]

    def digest(self) -> bytes:
        """SHA-256 of name and content; the content can be read afterwards as before."""
        digest = hashlib.sha256(self.name.encode("utf-8", "surrogatepass") + b"\0")
        # closed, and so deleted, when the request's objects are: it is read after this returns
        kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        while piece := self.stream.read(_PIECE):
            digest.update(piece)
            kept.write(piece)
        kept.seek(0)
        self.stream = kept
        return digest.digest()


def posted_file() -> PostedFile:
    """The one file of the present request, which hasn't been read yet. Raises `Invalid`, `Unreadable`."""
    if request.mimetype != MULTIPART:
        return PostedFile("", request.stream)
    files = request.files.getlist(PART)
    if len(files) != 1 or len(request.files) != 1:
        text = said("Send one file in a part called {part}.", part=PART)
        raise Invalid(text, {PART: [text]})
    name = files[0].filename or ""
    if not storable(name):
        raise Unreadable(said("The request couldn't be read."))
    return PostedFile(name, files[0].stream)
