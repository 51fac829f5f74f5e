"""Small files made from a text, for demonstrations to hang on tickets: plain text, PDF, a picture. Bytes only."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Sequence

#: points; A4
_PAGE = (595, 842)
_MARGIN, _LEADING, _LINES = 60, 17, 42
#: pixels of the picture
_WIDTH, _HEIGHT = 640, 360
Colour = tuple[int, int, int]
_PAPER, _EDGE, _INK, _ALARM = (248, 250, 252), (203, 213, 225), (100, 116, 139), (185, 28, 28)


def make(name: str, text: str) -> bytes:
    """The file that a name asks for by its ending, with a text in it; of a picture, the text only gives the shape."""
    return _MAKERS.get(name.rpartition(".")[2], _plain)(text)


def _plain(text: str) -> bytes:
    return text.encode() or b"\n"


def _pdf(text: str) -> bytes:
    """A page with the lines of the text, the first one large."""
    lines = text.splitlines()[:_LINES] or [""]
    shown = [f"BT /F1 {16 if not number else 11} Tf {_MARGIN} {_top(number)} Td ({_quoted(line)}) Tj ET"
             for number, line in enumerate(lines)]  # fmt: skip
    content = "\n".join(shown).encode("cp1252", "replace")
    box = f"[0 0 {_PAGE[0]} {_PAGE[1]}]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _assembled(objects)


def _top(number: int) -> int:
    return _PAGE[1] - _MARGIN - _LEADING * (number + bool(number))


def _quoted(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: Sequence[bytes]) -> bytes:
    """The objects with the table that says where each begins."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, trailer)


def _png(text: str) -> bytes:
    """A window as a screenshot shows it: a bar on top, a line for each of the text, the last one in red."""
    lines = [len(line) for line in text.splitlines() if line.strip()][:9] or [24]
    rows = [_row(y, lines) for y in range(_HEIGHT)]
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _row(y: int, lines: Sequence[int]) -> bytes:
    if y < 36:
        return _painted([(14, 12, _EDGE), (6, 0, _PAPER), (12, 0, _EDGE)] if 12 <= y < 24 else [], _EDGE)
    number, within = divmod(y - 56, 32)
    if not 0 <= number < len(lines) or within >= 14 or y < 56:
        return _painted([], _PAPER)
    colour = _ALARM if number == len(lines) - 1 else _INK
    return _painted([(30, min(540, 9 * lines[number]), colour)], _PAPER)


def _painted(bars: Iterable[tuple[int, int, Colour]], ground: Colour) -> bytes:
    """A row of pixels: `(gap, length, colour)` after one another on the ground."""
    row = b"".join(bytes(ground) * gap + bytes(colour) * length for gap, length, colour in bars)
    return row + bytes(ground) * (_WIDTH - len(row) // 3)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_MAKERS: dict[str, Callable[[str], bytes]] = {"pdf": _pdf, "png": _png}
