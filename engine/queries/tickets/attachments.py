"""The files of a ticket, as far as the reader may see them, and the content of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import require_ticket, visible_tickets
from engine.storage.tables import Account, Attachment, AttachmentChunk, Ticket


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file on a ticket, or (`ticket` None) one's own that waits for its form; `author` None: the system."""

    id: int
    ticket: int | None
    #: the note that it came with
    note: int | None
    author: int | None
    author_name: str
    at: datetime
    name: str
    media_type: str
    #: bytes
    size: int
    #: SHA-256, hexadecimal
    hash: str
    public: bool


@dataclass(frozen=True, slots=True)
class Content:
    """A file with its content in pieces; each is read when it is asked for, and no transaction is held between."""

    file: AttachmentView
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Files:
    """Files around a ticket's page: those on the ticket, the oldest first, and one's own that wait for a note."""

    on_ticket: tuple[AttachmentView, ...]
    waiting: tuple[AttachmentView, ...]

    def of(self, note: int | None) -> list[AttachmentView]:
        """The files of a note; of None those that came with no note."""
        return [file for file in self.on_ticket if file.note == note]


def of_ticket(
    engine: Source, actor: Actor, ticket_id: int, *, limit: int = 50, cursor: str | None = None
) -> Page[AttachmentView]:
    """The files of a ticket that the actor may see, oldest first. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        require_ticket(reader, ticket_id)
        statement = _selected().where(Attachment.ticket_id == ticket_id, _readable(reader))
        return page(reader.tx, statement, Order(Attachment.id, Attachment.id), limit, cursor, view)


def beside(engine: Source, actor: Actor, ticket_id: int, notes: Collection[int], newest: int = 100) -> Files:
    """What a page of a ticket shows: the files of these notes, the newest of the others, and those that wait.

    One statement beside the look at the ticket. Raises `NotFound`.
    """
    with reading(engine, actor) as reader:
        require_ticket(reader, ticket_id)
        here = (Attachment.ticket_id == ticket_id, _readable(reader))
        latest = select(Attachment.id).join(Ticket, Ticket.id == Attachment.ticket_id).where(*here)
        latest = latest.order_by(Attachment.id.desc()).limit(newest)
        own = (
            Attachment.ticket_id.is_(None),
            Attachment.author_id == actor.id,
            Attachment.place == f"note:{ticket_id}",
        )
        shown = and_(*here, or_(Attachment.note_id.in_(notes), Attachment.id.in_(latest)))
        statement = (
            select(Attachment.__table__, Account.name.label("author_name"))
            .outerjoin(Ticket, Ticket.id == Attachment.ticket_id)
            .outerjoin(Account, Account.id == Attachment.author_id)
            .where(or_(shown, and_(*own)))
            .order_by(Attachment.id)
        )
        found = [view(row) for row in reader.tx.execute(statement)]
        return Files(tuple(file for file in found if file.ticket), tuple(file for file in found if file.ticket is None))


def waiting(engine: Source, actor: Actor, place: str) -> list[AttachmentView]:
    """The actor's own files that wait for a form (`note:5`), in the order of their uploads."""
    mine = (Attachment.author_id == actor.id, Attachment.place == place, Attachment.ticket_id.is_(None))
    with reading(engine, actor) as reader:
        statement = select(Attachment.__table__, Account.name.label("author_name"))
        joined = statement.join(Account, Account.id == Attachment.author_id)
        return [view(row) for row in reader.tx.execute(joined.where(*mine).order_by(Attachment.id))]


def one(engine: Source, actor: Actor, ticket_id: int, attachment_id: int) -> AttachmentView:
    """One file of a ticket. Raises `NotFound` where it doesn't exist or isn't visible."""
    with reading(engine, actor) as reader:
        wanted = (Attachment.id == attachment_id, Attachment.ticket_id == ticket_id)
        statement = _selected().where(*wanted, visible_tickets(reader), _readable(reader))
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such attachment."))
        return view(row)


def open_content(engine: Source, actor: Actor, ticket_id: int, attachment_id: int) -> Content:
    """One file of a ticket with its content. Raises `NotFound` as `one` does."""
    return Content(one(engine, actor, ticket_id, attachment_id), _pieces(engine, attachment_id))


def _pieces(engine: Source, attachment_id: int) -> Iterator[bytes]:
    """A slow reader mustn't hold a transaction; and what is on a ticket never changes, so none is needed."""
    position = 0
    while True:
        wanted = (AttachmentChunk.attachment_id == attachment_id, AttachmentChunk.position == position)
        with engine.database.read() as tx:
            piece = tx.execute(select(AttachmentChunk.content).where(*wanted)).scalar_one_or_none()
        if piece is None:
            return
        yield bytes(piece)
        position += 1


def _readable(reader: Reader) -> ColumnElement[bool]:
    """Internal ones are for the staff of the ticket's package, as internal notes are."""
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    return or_(Attachment.public, Ticket.package_id.in_(staffed))


def _selected() -> Select[Any]:
    return (
        select(Attachment.__table__, Account.name.label("author_name"))
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .outerjoin(Account, Account.id == Attachment.author_id)
    )


def view(row: Row[Any]) -> AttachmentView:
    """What is told of a row of attachments with its author's name."""
    return AttachmentView(
        id=row.id, ticket=row.ticket_id, note=row.note_id, author=row.author_id, author_name=row.author_name or "",
        at=row.at, name=row.name, media_type=row.media_type, size=row.size, hash=row.hash, public=row.public,
    )  # fmt: skip
