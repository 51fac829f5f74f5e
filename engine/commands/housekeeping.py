"""Throws away what is over: buffered messages, idempotency keys, drafts, files never sent, sessions."""

from __future__ import annotations

from engine.commands import idempotency, messages, workers
from engine.commands.engine import Engine
from engine.commands.files import attachments
from engine.commands.people import drafts, sessions


def tidy(engine: Engine) -> None:
    """Expire what has expired; the worker calls it every minute."""
    messages.expire(engine)
    idempotency.forget(engine)
    workers.forget(engine)
    drafts.forget(engine)
    attachments.forget(engine)
    sessions.tidy(engine)
