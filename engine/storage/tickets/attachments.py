"""Statements on attachments and the pieces of their content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from engine.storage.tables import Attachment, AttachmentChunk, Note

#: bytes
PIECE = 262_144


def add(tx: Connection, values: Mapping[str, Any], pieces: Iterable[bytes]) -> int:
    """Write an attachment, one piece at a time; gives its id."""
    number = int(tx.execute(insert(Attachment).values(**values).returning(Attachment.id)).scalar_one())
    for position, piece in enumerate(pieces):
        tx.execute(insert(AttachmentChunk), {"attachment_id": number, "position": position, "content": piece})
    return number


def claim(
    tx: Connection, author_id: int, numbers: Sequence[int], values: Mapping[str, Any]
) -> list[tuple[int, str, int]]:
    """Write columns of those of the attachments that wait and are the author's; gives id, name and size."""
    statement = (
        update(Attachment)
        .where(Attachment.id.in_(numbers), Attachment.author_id == author_id, Attachment.ticket_id.is_(None))
        .values(**values)
        .returning(Attachment.id, Attachment.name, Attachment.size)
    )
    return sorted((row.id, row.name, row.size) for row in tx.execute(statement))


def waiting(tx: Connection, author_id: int) -> tuple[int, int]:
    """How many files of an author wait for their forms, and how many bytes these have."""
    sums = select(func.count(), func.coalesce(func.sum(Attachment.size), 0))
    mine = sums.where(Attachment.author_id == author_id, Attachment.place != "", Attachment.ticket_id.is_(None))
    count, size = tx.execute(mine).one()
    return int(count), int(size)


def on_ticket(tx: Connection, ticket_id: int) -> int:
    """How many a ticket has."""
    counted = select(func.count()).select_from(Attachment).where(Attachment.ticket_id == ticket_id)
    return int(tx.execute(counted).scalar_one())


def note(tx: Connection, ticket_id: int, note_id: int) -> tuple[int | None, bool] | None:
    """Who wrote a note of a ticket, and whether it is public; None where it has no such note."""
    found = select(Note.author_id, Note.public).where(Note.id == note_id, Note.ticket_id == ticket_id)
    row = tx.execute(found).one_or_none()
    return (row.author_id, row.public) if row else None


def delete_waiting(tx: Connection, author_id: int, number: int) -> bool:
    """Delete an author's attachment that waits; whether there was one."""
    mine = (Attachment.id == number, Attachment.author_id == author_id, Attachment.ticket_id.is_(None))
    return _delete(tx, tx.execute(select(Attachment.id).where(*mine).with_for_update()).scalars().all())


def forget_waiting(tx: Connection, before: datetime, most: int) -> bool:
    """Delete up to so many attachments that wait since earlier; whether there were any."""
    old = select(Attachment.id).where(Attachment.ticket_id.is_(None), Attachment.at < before)
    return _delete(tx, tx.execute(old.order_by(Attachment.id).limit(most).with_for_update()).scalars().all())


def _delete(tx: Connection, numbers: Collection[int]) -> bool:
    if numbers:
        tx.execute(delete(AttachmentChunk).where(AttachmentChunk.attachment_id.in_(numbers)))
        tx.execute(delete(Attachment).where(Attachment.id.in_(numbers)))
    return bool(numbers)
