"""`Idempotency-Key` over HTTP: which requests are the same, and how a stored answer goes out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response, request

from engine.domain.actors import Actor
from web.problems import MEDIA_TYPE, of_engine

if TYPE_CHECKING:
    from engine.commands.engine import Engine

JSON = "application/json"
HEADER = "Idempotency-Key"


def once(
    engine: Engine, actor: Actor, work: Callable[[], Response], body: Callable[[], bytes] | None = None
) -> Response:
    """Answers the present request; one with a key that was answered before gets that answer again.

    `body` gives what tells the body from others, where that isn't the body itself.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    from engine.commands import idempotency
    from engine.commands.stepping.failures import StepKept

    def answered() -> idempotency.Answer:
        try:
            response = work()
        except StepKept as kept:
            # its incident is to be committed, which an exception would undo
            response = of_engine(kept)
        location = {"Location": response.location} if response.location else {}
        return idempotency.Answer(response.status_code, response.get_json(silent=True), location)

    answer = idempotency.run(engine, key, actor, _fingerprint((body or request.get_data)()), answered)
    response = Response(status=answer.status, headers=dict(answer.headers))
    if answer.body is None:
        del response.headers["Content-Type"]
    else:
        response.data = json.dumps(answer.body)
        response.content_type = JSON if answer.status < 400 else MEDIA_TYPE
    if answer.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(body: bytes) -> str:
    """What makes two requests the same: method, address, kind of body and body."""
    digest = hashlib.sha256()
    for part in (request.method.encode(), request.full_path.encode(), request.mimetype.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
