"""Attachments: files on tickets. They are only ever added; what was never sent with a form may be thrown away.

A file either comes with its ticket at once (`attach`), or it is uploaded while a form is being filled in, waits for
that form, and is taken along when the form is sent (`upload`, then `take_along` inside another command).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from engine.commands.access import Held, hold_ticket
from engine.commands.engine import Engine
from engine.commands.files.uploads import Stream, Upload, taken_in
from engine.commands.people.drafts import check_place
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.domain.notes import Note, opens_again
from engine.domain.said import said
from engine.domain.storable import can_be_id
from engine.storage import tickets
from engine.storage.tickets import attachments as store

#: files that come with one note or one new ticket, and files that a ticket may have
MOST_TOGETHER = 20
MOST = 2_000
#: what one account may have uploaded and not sent: files, and bytes as a multiple of the largest file
MOST_WAITING = 60
MOST_WAITING_SIZE = 10
#: a file that was uploaded and never sent is deleted after so long
LIFETIME = timedelta(days=30)
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it was taken in."""

    id: int
    name: str
    size: int


def attach(
    engine: Engine,
    actor: Actor,
    ticket_id: int,
    name: str,
    stream: Stream,
    *,
    public: bool = True,
    note_id: int | None = None,
) -> Attached:
    """Hang a file on a ticket, or on a note of one's own (which says whether it is public). Nobody gets a mail.

    Raises `Invalid`, `TooLarge`, `NotFound`, `Forbidden`; `Conflict` on a closed ticket that takes no more notes.
    """
    with (
        taken_in(name, stream, engine.settings.max_attachment) as taken,
        working(engine, actor, "attachments.attach") as work,
    ):
        held = hold_ticket(work, ticket_id)
        public = public if note_id is None else _note_is_public(work, held, note_id)
        Note("", public).check(actor, held.package)
        opens_again(held.package, held.row["status"], held.row["number"])
        _require_room(work, ticket_id, 1)
        values = {"ticket_id": ticket_id, "note_id": note_id, "public": public, "place": "", "at": work.now}
        attached = _add(work.tx, actor, taken, values)
        _note_it(work, held, attached, public, note_id)
        return attached


def upload(engine: Engine, actor: Actor, place: str, name: str, stream: Stream) -> Attached:
    """Take a file in for a form that isn't sent yet; `place` is the form's, as drafts name it.

    It isn't journaled before its form is sent. Raises `Invalid`, `TooLarge`, `Conflict` where too many wait.
    """
    check_place(place)
    largest = engine.settings.max_attachment
    with taken_in(name, stream, largest) as taken, engine.database.begin() as tx:
        count, size = store.waiting(tx, actor.id)
        if count >= MOST_WAITING or size + taken.size > MOST_WAITING_SIZE * largest:
            raise Conflict(said("Too many files wait to be sent. Send or remove some of them first."))
        values = {"ticket_id": None, "note_id": None, "public": False, "place": place, "at": engine.clock()}
        return _add(tx, actor, taken, values)


def discard(engine: Engine, actor: Actor, attachment_id: int) -> None:
    """Throw away one's own file that waits for a form. Raises `NotFound`; what is on a ticket stays there."""
    with engine.database.begin() as tx:
        if not can_be_id(attachment_id) or not store.delete_waiting(tx, actor.id, attachment_id):
            raise NotFound(said("There is no such attachment."))


def take_along(
    work: Work, ticket_id: int, numbers: Sequence[int], *, public: bool = True, note_id: int | None = None
) -> list[Attached]:
    """Hang files that wait on the ticket that the command works on. Raises `Invalid` where one isn't there."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return []
    if len(wanted) > MOST_TOGETHER:
        text = said("At most {most} files can be sent together.", most=MOST_TOGETHER)
        raise Invalid(text, {"attachments": [text]})
    _require_room(work, ticket_id, len(wanted))
    values = {"ticket_id": ticket_id, "note_id": note_id, "public": public, "place": "", "at": work.now}
    known = [number for number in wanted if can_be_id(number)]
    taken = store.claim(work.tx, work.actor.id, known, values)
    if len(taken) < len(wanted):
        text = said("A file is no longer there. Please attach it again.")
        raise Invalid(text, {"attachments": [text]})
    return [Attached(*columns) for columns in taken]


def told(taken: Sequence[Attached]) -> dict[str, Any]:
    """What the journal says of files; nothing where there are none."""
    files = [{"id": file.id, "name": file.name, "size": file.size} for file in taken]
    return {"attachments": files} if files else {}


def forget(engine: Engine) -> None:
    """Delete files that were uploaded long ago and never sent, few at a time, so that nobody waits for it."""
    before = engine.clock() - LIFETIME
    deleted = True
    while deleted:
        with engine.database.begin() as tx:
            deleted = store.forget_waiting(tx, before, _BATCH)


def _add(tx: Connection, actor: Actor, taken: Upload, values: Mapping[str, Any]) -> Attached:
    row = {"author_id": actor.id or None, **taken.columns, **values}
    return Attached(store.add(tx, row, taken.pieces()), taken.name, taken.size)


def _note_it(work: Work, held: Held, attached: Attached, public: bool, note_id: int | None) -> None:
    """What a file that came alone means for its ticket."""
    if work.actor.id:
        tickets.involve(work.tx, held.id, [(work.actor.id, "author")], work.now)
    tickets.change(work.tx, held.id, {"changed_at": work.now})
    data = {**told([attached]), "public": public, **({"note": note_id} if note_id else {})}
    work.journal(data, ticket_id=held.id, package_id=held.package.id)


def _note_is_public(work: Work, held: Held, note_id: int) -> bool:
    """Of a note of one's own. What others have said isn't added to."""
    author, public = (store.note(work.tx, held.id, note_id) if can_be_id(note_id) else None) or (0, False)
    if author == (work.actor.id or None):
        return public
    if public:
        raise Forbidden(said("Only who wrote a note adds files to it."))
    raise NotFound(said("There is no such note."))


def _require_room(work: Work, ticket_id: int, more: int) -> None:
    if store.on_ticket(work.tx, ticket_id) + more > MOST:
        raise Conflict(said("The ticket has {most} attachments; it takes no more.", most=MOST))
