"""What is thrown away because its time is over: buffered messages, idempotency keys."""

from __future__ import annotations

from engine.commands import idempotency, messages
from engine.commands.engine import Engine


def tidy(engine: Engine) -> None:
    """Expire what has expired; the worker calls it every minute."""
    messages.expire(engine)
    idempotency.forget(engine)
