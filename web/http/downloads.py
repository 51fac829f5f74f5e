"""Files that people have handed in, on their way out: to be saved, never to be shown or run here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

from web.http.security_headers import DATA_POLICY

#: RFC 8187's characters that stand for themselves
_PLAIN = "!#$&+-.^_`|~"


def download(name: str, media_type: str, size: int, pieces: Iterator[bytes]) -> Response:
    """A file of so many bytes, sent as its pieces come. `name` is a clean one: no path, no control characters."""
    response = Response(pieces, content_type=media_type)
    response.content_length = size
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = f"{DATA_POLICY}; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name: str) -> str:
    """`Content-Disposition` (RFC 6266): the name in ASCII for old readers, and as it is for all others."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join("_" if character in '"\\%' or not character.isprintable() else character for character in plain)
    stem, dot, ending = plain.rpartition(".")
    if dot and not stem.strip():
        plain = f"file.{ending}"
    encoded = quote(name.encode("utf-8", "ignore"), safe=_PLAIN)
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{encoded}"
