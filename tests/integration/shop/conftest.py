"""The shop: a package with a partner and mails, for what leaves Iter and who sees what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.support.clock import VirtualClock
from tests.support.partner import Partner
from tests.support.shop import Shop
from tests.support.smtp import SmtpServer


@pytest.fixture
def partner() -> Iterator[Partner]:
    """The system that the shop's webhooks call."""
    running = Partner()
    yield running
    running.stop()


@pytest.fixture
def shop(database: Database, clock: VirtualClock, sandbox: Sandbox, smtp: SmtpServer, partner: Partner) -> Shop:
    """The shop with its people, a mail server and a partner, on the test's own database."""
    return Shop.opened(database, clock, sandbox, smtp.url, partner.url)
