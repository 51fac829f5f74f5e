"""Files that people hang on tickets, with their content in pieces. Never changed once they are on a ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant


class Attachment(Base):
    """A file on a ticket, or (`ticket_id` is None) one that was uploaded for a form that isn't sent yet."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_ticket_id_id", "ticket_id", "id"),
        Index("ix_attachments_author_id_place", "author_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    #: the note that it came with; None: with the ticket itself, or alone
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    #: who uploaded it; None: the system
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: the form that it waits for, as drafts name it; empty on a ticket
    place: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Instant)
    #: as it is offered for saving: no path, no control characters
    name: Mapped[str]
    #: what it is served as; nothing that a browser would run
    media_type: Mapped[str]
    #: bytes
    size: Mapped[int]
    #: SHA-256 of the content, hexadecimal
    hash: Mapped[str]
    #: seen by the customer too; else by staff alone
    public: Mapped[bool]


class AttachmentChunk(Base):
    """A piece of an attachment's content; pieces are numbered from 0."""

    __tablename__ = "attachment_chunks"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
