"""Small files of many kinds, each what its name says."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def image(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture as Pillow writes it: `PNG`, `JPEG`, …"""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#b45309").save(buffer, kind)
    return buffer.getvalue()


def zipped(*names: str, mimetype: str = "") -> bytes:
    """A zip with small files; `mimetype` stands first and unpacked, as in OpenDocument."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, f"<{name}/>")
    return buffer.getvalue()


def _media(kind: bytes, brand: bytes) -> bytes:
    return b"\0\0\0\x18" + b"ftyp" + kind + b"\0\0\2\0" + kind + brand + bytes(64)


GENUINE: dict[str, bytes] = {
    "a.pdf": PDF,
    "a.png": image("PNG"),
    "a.jpg": image("JPEG"),
    "raw.jpeg": b"\xff\xd8\xff\xdb\0\x43\0" + bytes(64),
    "profile.jpg": b"\xff\xd8\xff\xe2\0\x10ICC_PROFILE\0\1" + bytes(64),
    "a.gif": image("GIF"),
    "a.webp": image("WEBP"),
    "a.bmp": image("BMP"),
    "a.tiff": image("TIFF"),
    "phone.heic": _media(b"heic", b"mif1"),
    "a.docx": zipped("[Content_Types].xml", "word/document.xml"),
    "late.docx": zipped("docProps/app.xml", "word/document.xml", "[Content_Types].xml"),
    "a.xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "a.odt": zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
    "a.doc": OLE,
    "a.xls": OLE,
    "a.msg": OLE,
    "a.rtf": b"{\\rtf1\\ansi Hello}",
    "a.zip": zipped("a.txt"),
    "a.mp4": _media(b"isom", b"mp41"),
    "b.mp4": _media(b"mp42", b"isom"),
    "a.mov": _media(b"qt  ", b"    "),
    "a.webm": bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d") + bytes(64),
    "a.mp3": b"ID3\3\0\0\0\0\0\x21" + bytes(64),
    "voice.m4a": _media(b"M4A ", b"isom"),
    "a.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + bytes(64),
    "a.ogg": b"OggS\0\2" + bytes(64),
    "a.txt": b"BM, II*, MZ and PK begin this text\n",
    "wide.txt": "Perché no\n".encode("utf-16"),
    "old.csv": "città;età\r\nLiège;3\r\n".encode("latin-1"),
    "colours.log": b"\x1b[31merror\x1b[0m\n",
    "a.json": b'{"a": 1}',
    "a.eml": b"From: a@example.org\r\n\r\nHello",
    "a.html": b"<!doctype html><script>alert(1)</script>",
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a.xml": b'<?xml version="1.0"?><a/>',
}
