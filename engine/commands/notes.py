"""Notes: what people say on a ticket. A note may be a message to its process; which one, the package says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from engine.commands import announcements
from engine.commands.access import Held, hold_ticket
from engine.commands.engine import Engine
from engine.commands.files import attachments as files
from engine.commands.stepping import StepKept, StepResult, Work, snapshot, start_instance, try_step, working
from engine.domain.actors import Actor
from engine.domain.events import MessageReceived
from engine.domain.notes import Expects, Note, opens_again, reopening_process
from engine.domain.storable import TEXT, check_texts
from engine.storage import jobs, messages, tickets
from engine.storage.tickets import search


@dataclass(frozen=True, slots=True)
class Added:
    """A new note, and what it did."""

    note_id: int
    #: the message that reached the process, empty where none did
    message: str = ""
    #: it has opened the ticket again
    reopened: bool = False


def add(
    engine: Engine,
    ticket_id: int,
    actor: Actor,
    text: str,
    public: bool = True,
    expects: Expects = "nobody",
    attachments: Sequence[int] = (),
) -> Added:
    """Add a note, public or internal, that expects an answer from somebody or nobody.

    `attachments`: files of the author's that wait for it. Its author becomes involved, and who is involved gets a
    mail (of an internal note: staff alone). Raises `Invalid`, `NotFound`, `Forbidden`, and `Conflict` on a closed
    ticket where the package refuses it.
    """
    check_texts({"text": (text, TEXT, True)})
    note = Note(text, public, expects)
    with working(engine, actor, "notes.add") as work:
        held = hold_ticket(work, ticket_id)
        note.check(actor, held.package)
        reopens = opens_again(held.package, held.row["status"], held.row["number"])
        note_id, attached = _write(work, held, note, attachments)
        message = "" if reopens else _send(work, held, note)
        reopened = reopens and isinstance(_reopen(work, held, note), StepResult)
        _mail(work, held, note_id, note, attached)
        return Added(note_id, message, reopened)


def _write(work: Work, held: Held, note: Note, attachments: Sequence[int]) -> tuple[int, list[files.Attached]]:
    author = work.actor.id or None
    told = asdict(note)
    note_id = tickets.add_note(work.tx, {"ticket_id": held.id, "author_id": author, "at": work.now, **told})
    search.add_notes(work.tx, held.row, [(note_id, note.text, note.public)])
    if author:
        tickets.involve(work.tx, held.id, [(author, "author")], work.now)
    tickets.change(work.tx, held.id, {"changed_at": work.now})
    attached = files.take_along(work, held.id, attachments, public=note.public, note_id=note_id)
    work.journal({"note": note_id, **told, **files.told(attached)}, ticket_id=held.id, package_id=held.package.id)
    work.announce(announcements.note_added, ticket_id=held.id, note_id=note_id, public=note.public)
    return note_id, attached


def _send(work: Work, held: Held, note: Note) -> str:
    """Give the note's message to the ticket's oldest subscription; it is never buffered, for it answers what is now.

    A step that fails doesn't take the note away: its incident stands beside it.
    """
    message = note.message(work.actor, held.package)
    loaded = messages.find_subscription(work.tx, message, ticket_id=held.id) if message else None
    if loaded is None:
        return ""
    done = try_step(work, loaded, MessageReceived(loaded.cause["token"], note.variables(work.actor)))
    return "" if isinstance(done, StepKept) else message


def _reopen(work: Work, held: Held, note: Note) -> StepResult | StepKept:
    process = reopening_process(held.package)
    return start_instance(work, held.row, held.policy_id, process, note.variables(work.actor))


def _mail(work: Work, held: Held, note_id: int, note: Note, attached: Sequence[files.Attached]) -> None:
    template = held.package.mail.note
    if not template:
        return
    row = tickets.lock(work.tx, held.id)
    ticket = snapshot(held.package, row[0] if row else held.row)
    told = {
        "text": note.text, "author": work.actor.name, "public": note.public, "at": work.now.isoformat(),
        "attachments": [file.name for file in attached],
    }  # fmt: skip
    payload = {
        "template": template, "to": "involved" if note.public else "staff", "internal": not note.public,
        "ticket": ticket, "variables": {"note": told},
    }  # fmt: skip
    job = {
        "id": f"note-{note_id}", "type": "mail", "payload": payload, "package_id": held.package.id,
        "ticket_id": held.id, "state": "open", "next_attempt_at": work.now, "created_at": work.now,
    }  # fmt: skip
    jobs.add(work.batch, [job])
    work.wakes = True
