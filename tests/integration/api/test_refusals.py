"""What the server refuses before the application hears of it is a problem like any other."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Served


@pytest.fixture(scope="module")
def served(sqlite_databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("refusals")
    with sqlite_databases.fresh(folder) as url:
        served = Served(folder, "web", database_url=url, max_package=2_000_000)
        served.start()
        yield served
        served.kill()


def told(served: Served, request: bytes) -> tuple[int, dict[str, str], dict[str, object]]:
    """Status, headers and body of the answer to raw bytes."""
    port = int(served.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), {k.lower(): v for k, _, v in (x.partition(": ") for x in lines)}, json.loads(body)


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        (b"POST /api/v1/packages HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413, "too-large"),
        (b"POST /api/v1/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, "malformed"),
        (b"POST /api/v1/tokens HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "malformed"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 262_200, 431, "malformed"),
        (b"\xff\xfe\r\n\r\n", 400, "malformed"),
    ],
)
def test_the_servers_own_refusals_are_problems(served: Served, request_: bytes, status: int, kind: str) -> None:
    found, headers, body = told(served, request_)
    assert (found, headers["content-type"]) == (status, "application/problem+json")
    assert (body["status"], body["type"]) == (status, f"urn:iter:problem:{kind}")
    assert headers["x-content-type-options"] == "nosniff"
    assert "waitress" not in str(body).lower()


def test_they_are_told_in_the_readers_language(served: Served) -> None:
    asked = b"POST /api/v1/packages HTTP/1.1\r\nHost: a\r\nAccept-Language: it\r\nContent-Length: 99999999\r\n\r\n"
    _, headers, body = told(served, asked)
    assert headers["content-language"] == "it"
    assert body["title"] == "Troppo grande"
    assert body["instance"] == "/api/v1/packages"
