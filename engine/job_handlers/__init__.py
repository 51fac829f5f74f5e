"""One file per job type: values in, values out. No database, no engine; what they do happens outside transactions."""

from __future__ import annotations

from collections.abc import Mapping

from engine.job_handlers.values import Handler
from engine.job_handlers.webhook import call_webhook

#: job type → who does it; mail has its own table and goes out through `smtp.send`
HANDLERS: Mapping[str, Handler] = {"webhook": call_webhook}
