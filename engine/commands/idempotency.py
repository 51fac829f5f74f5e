"""Idempotency keys: work and its answer commit together, so that a retry is answered and not done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from engine.commands.engine import Engine
from engine.commands.stepping import StepKept
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid
from engine.domain.said import said
from engine.storage import idempotency as store
from engine.storage.database import gave_up_waiting

LONGEST_KEY = 200
LIFETIME = timedelta(hours=24)
#: seconds that a twin waits for the first one's answer
PATIENCE = 5.0


class KeyReused(Invalid):
    """The key came with another request before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered. `body` is JSON values."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: it is an earlier request's answer
    repeated: bool = False


def run(engine: Engine, key: str, actor: Actor, request_hash: str, work: Callable[[], Answer]) -> Answer:
    """Does the work in one transaction with the key, or gives the answer of the request that came with it before.

    All commands inside `work` take part in the transaction. An exception keeps nothing, so that a retry tries again.
    `request_hash` tells requests apart: method, path and body. Keys are each account's own and live for a day.
    Raises `KeyReused` where the key came with another request, `Conflict` where that one still runs after 5 s.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid(said("An Idempotency-Key has 1 to {longest_key} printable characters.", longest_key=LONGEST_KEY))
    failed: StepKept | None = None
    try:
        with engine.database.begin(patience=PATIENCE) as tx:
            now = engine.clock()
            row = {
                "account_id": actor.id, "key": key, "request_hash": request_hash, "status": None, "answer": None,
                "headers": None, "created_at": now, "expires_at": now + LIFETIME,
            }  # fmt: skip
            earlier = store.claim(tx, row, now)
            if earlier is not None:
                return _again(earlier, request_hash)
            try:
                answer = work()
            except StepKept as error:
                # its incident must be committed; the key must not, for the same request may succeed once it is mended
                store.release(tx, actor.id, key)
                failed = error
            else:
                kept = {"status": answer.status, "answer": answer.body, "headers": dict(answer.headers)}
                store.answer(tx, actor.id, key, kept)
                return answer
    except OperationalError as error:
        if not gave_up_waiting(error):
            raise
        raise Conflict(said("The same request is still being worked on."), retry_after=int(PATIENCE)) from error
    raise failed


def forget(engine: Engine) -> None:
    """Delete the keys that have expired."""
    with engine.database.begin() as tx:
        store.forget(tx, engine.clock())


def _again(row: Any, request_hash: str) -> Answer:
    if row.request_hash != request_hash:
        raise KeyReused(said("This Idempotency-Key came with another request before."))
    return Answer(row.status, row.answer, row.headers or {}, repeated=True)
