"""When something that failed is tried again: the same delays for jobs and mails, without chance."""

from __future__ import annotations

from datetime import datetime

from engine.commands.engine import Engine


def next_attempt(engine: Engine, attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None after the last."""
    delays = engine.settings.handlers.retry_after
    return now + delays[attempts - 1] if 0 < attempts <= len(delays) else None
