"""Customers who have begun nothing yet: what one test leaves in a form, the next one would find there."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from engine.storage.tables import Attachment, AttachmentChunk, Draft
from tests.support.journeys import Company


@pytest.fixture(autouse=True)
def nothing_begun(company: Company) -> None:
    """No new ticket is begun, and no file waits for one."""
    waiting = select(Attachment.id).where(Attachment.ticket_id.is_(None))
    with company.database.begin() as tx:
        tx.execute(delete(Draft).where(Draft.place.like("ticket:%")))
        tx.execute(delete(AttachmentChunk).where(AttachmentChunk.attachment_id.in_(waiting)))
        tx.execute(delete(Attachment).where(Attachment.ticket_id.is_(None)))
