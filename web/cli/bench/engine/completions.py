"""Completions over HTTP: eight clients with bearer tokens, two web workers, form validation included."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.spiff.expressions import Sandbox
from web.cli.bench.engine import running
from web.cli.bench.engine.places import Place
from web.cli.bench.engine.workshop import ANSWER, bearer_token, furnish, workshop

CLIENTS, WEB_WORKERS = 8, 2
#: completions that don't count: each worker reads the package with its first one
WARM = 200


@dataclass(frozen=True, slots=True)
class Served:
    """What the web workers did."""

    completions_per_second: float
    peak_mb: float


def over_http(place: Place, sandbox: Sandbox, count: int) -> Served:
    """Complete user tasks as fast as they are taken."""
    url = place.new("http")
    furnish(url, sandbox, count + WARM, now=datetime.now(UTC))
    token = bearer_token(url, sandbox)
    with workshop(url, sandbox) as made:
        todo = made.open_user_tasks()
    with running.web(url, WEB_WORKERS) as served:
        _complete(served.port, token, todo[:WARM])
        begun = time.perf_counter()
        _complete(served.port, token, todo[WARM:])
        taken = time.perf_counter() - begun
        return Served(count / taken, served.peak_mb())


def _complete(port: int, token: str, todo: Sequence[int]) -> None:
    problems: list[str] = []
    shares = [todo[number::CLIENTS] for number in range(CLIENTS)]
    clients = [threading.Thread(target=_client, args=(port, token, share, problems)) for share in shares]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if problems:
        raise RuntimeError(f"{len(problems)} completions were refused, the first one so: {problems[0]}")


def _client(port: int, token: str, todo: Sequence[int], problems: list[str]) -> None:
    """One after the other, over one connection as long as the server keeps it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"data": ANSWER})
    for user_task_id in todo:
        try:
            connection.request("POST", f"/api/v1/user-tasks/{user_task_id}/complete", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                problems.append(f"{answer.status} {text[:200]!r}")
        except (OSError, http.client.HTTPException) as error:
            problems.append(repr(error))
            connection.close()
    connection.close()
