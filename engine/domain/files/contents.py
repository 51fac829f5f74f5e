"""Looks at a file's content while it goes by in pieces: how much it is, its hash, and whether it is what its name says.

Nothing is unpacked, so a zip of any size inside costs what it weighs.
"""

from __future__ import annotations

import hashlib
import re

from engine.domain.files.kinds import FileKind
from engine.domain.said import Said, said

#: as much as signatures need
_HEAD = 8_192
#: where readers of PDF look for its signature
_PDF_HEAD = 1_024
#: what no text holds; blanks, line ends, page breaks, and colours of terminals in logs are allowed
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x19\x1c-\x1f]")
#: texts of two bytes a character hold zeros
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class Inspection:
    """One content, piece by piece."""

    def __init__(self, kind: FileKind) -> None:
        self.kind = kind
        self.size = 0
        self._hash = hashlib.sha256()
        self._head = b""
        self._tail = b""
        self._marked = not kind.mark
        self._text = True

    @property
    def hash(self) -> str:
        """SHA-256 of what was seen, hexadecimal."""
        return self._hash.hexdigest()

    def see(self, piece: bytes) -> None:
        """Take the next piece."""
        self.size += len(piece)
        self._hash.update(piece)
        if len(self._head) < _HEAD:
            self._head += piece[: _HEAD - len(self._head)]
        if self.kind.is_text:
            self._text = self._text and (self._head.startswith(_WIDE) or not _NO_TEXT.search(piece))
        elif not self._marked:
            joined = self._tail + piece
            self._marked = self.kind.mark in joined
            self._tail = joined[-len(self.kind.mark) :]

    def problem(self) -> Said | None:
        """What is wrong with the whole; None where nothing is."""
        if not self.size:
            return said("The file is empty.")
        if self._text if self.kind.is_text else self._marked and self._is_signed():
            return None
        return said("The file's content isn't that of a .{ending} file.", ending=self.kind.ending)

    def _is_signed(self) -> bool:
        import puremagic  # reads its table of signatures, which nobody needs before the first file

        if self.kind.ending == "pdf":
            return b"%PDF-" in self._head[:_PDF_HEAD]
        try:
            found = puremagic.magic_string(self._head)
        except (puremagic.PureError, ValueError):
            return False
        return any(match.extension.lower() in self.kind.looks for match in found)
