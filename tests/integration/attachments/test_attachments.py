"""Attachments: taken in, seen by whom they are for, read back byte for byte, never in memory as a whole."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.commands import housekeeping, notes
from engine.commands.files import attachments, uploads
from engine.commands.tickets import open as open_ticket
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from engine.queries.tickets import attachments as reads
from engine.storage.tables import Attachment, AttachmentChunk, Involvement, Job, JournalEntry, Note, Ticket
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.files import GENUINE, PDF, image


def attached(desk, ticket: int, actor=OWNER, name: str = "a.pdf", content: bytes = PDF, **more) -> attachments.Attached:
    return attachments.attach(desk.engine, actor, ticket, name, io.BytesIO(content), **more)


def uploaded(desk, actor=OWNER, place: str = "ticket:desk", name: str = "a.pdf", content: bytes = PDF) -> int:
    return attachments.upload(desk.engine, actor, place, name, io.BytesIO(content)).id


def content_of(desk, actor, ticket: int, number: int) -> bytes:
    return b"".join(reads.open_content(desk.engine, actor, ticket, number).pieces)


def names(desk, actor, ticket: int) -> list[str]:
    return [file.name for file in reads.of_ticket(desk.engine, actor, ticket).items]


def test_a_file_comes_back_as_it_was(desk):
    ticket = desk.open()
    content = b"%PDF-1.7\n" + bytes(range(256)) * 4_096
    file = attached(desk, ticket, name="../Preventivo è qui.pdf", content=content)
    found = reads.open_content(desk.engine, CLERK, ticket, file.id)
    assert (found.file.name, found.file.size, found.file.media_type) == (
        "Preventivo è qui.pdf",
        len(content),
        "application/pdf",
    )
    assert b"".join(found.pieces) == content
    assert len(desk.rows(AttachmentChunk)) == 5


def test_it_is_journaled_involves_and_shows_as_a_change(desk):
    ticket = desk.open()
    desk.clock.advance(hours=1)
    file = attached(desk, ticket, CLERK)
    (entry,) = desk.rows(JournalEntry, JournalEntry.command == "attachments.attach")
    assert entry.data == {"attachments": [{"id": file.id, "name": "a.pdf", "size": len(PDF)}], "public": True}
    assert (entry.ticket_id, entry.actor_id) == (ticket, CLERK.id)
    assert CLERK.id in {row.account_id for row in desk.rows(Involvement)}
    assert desk.rows(Ticket)[0].changed_at == desk.clock()


def test_internal_ones_are_for_staff(desk):
    ticket = desk.open()
    public, internal = attached(desk, ticket, CLERK), attached(desk, ticket, CLERK, name="b.pdf", public=False)
    assert names(desk, CLERK, ticket) == ["a.pdf", "b.pdf"]
    assert names(desk, OWNER, ticket) == ["a.pdf"]
    assert content_of(desk, OWNER, ticket, public.id) == PDF
    with pytest.raises(NotFound):
        reads.open_content(desk.engine, OWNER, ticket, internal.id)
    with pytest.raises(Forbidden):
        attached(desk, ticket, OWNER, public=False)


def test_foreign_and_missing_ones_are_told_alike(desk):
    ticket, other = desk.open(), desk.open(STRANGER)
    file = attached(desk, ticket)
    waits = uploaded(desk)
    told = set()
    for actor, where, number in [
        (STRANGER, ticket, file.id), (STRANGER, other, file.id), (OWNER, ticket, 99), (OWNER, other, file.id),
        (OWNER, ticket, waits), (OWNER, 99, waits),
    ]:  # fmt: skip
        with pytest.raises(NotFound) as missing:
            reads.open_content(desk.engine, actor, where, number)
        told.add(str(missing.value))
    assert len(told) == 1
    with pytest.raises(NotFound):
        reads.of_ticket(desk.engine, STRANGER, ticket)
    with pytest.raises(NotFound):
        attached(desk, ticket, STRANGER)
    assert len(desk.rows(Attachment)) == 2


def test_files_of_a_note_are_seen_as_the_note_is(desk):
    ticket = desk.open()
    said = notes.add(desk.engine, ticket, CLERK, "Internal.", public=False).note_id
    attached(desk, ticket, CLERK, note_id=said)
    assert names(desk, OWNER, ticket) == []
    assert [(file.note, file.public) for file in reads.of_ticket(desk.engine, CLERK, ticket).items] == [(said, False)]
    public = notes.add(desk.engine, ticket, OWNER, "Mine.").note_id
    with pytest.raises(Forbidden):
        attached(desk, ticket, CLERK, note_id=public)
    with pytest.raises(NotFound):
        attached(desk, ticket, OWNER, note_id=said)
    with pytest.raises(NotFound):
        attached(desk, ticket, OWNER, note_id=999)


def test_a_closed_ticket_takes_no_files_where_it_takes_no_notes(desk):
    ticket = desk.open()
    desk.complete(ticket, pairs=1)
    desk.complete(ticket)
    with pytest.raises(Conflict, match="closed"):
        attached(desk, ticket)
    assert desk.rows(Attachment) == []


def test_uploads_wait_for_their_form_and_come_with_the_ticket(desk):
    first, second = uploaded(desk), uploaded(desk, name="b.png", content=image("PNG"))
    assert [file.name for file in reads.waiting(desk.engine, OWNER, "ticket:desk")] == ["a.pdf", "b.png"]
    assert reads.waiting(desk.engine, CLERK, "ticket:desk") == reads.waiting(desk.engine, OWNER, "note:1") == []
    opened = open_ticket(desk.engine, OWNER, "desk", "Heel", "", attachments=[second, first])
    assert names(desk, CLERK, opened.ticket_id) == ["a.pdf", "b.png"]
    assert reads.waiting(desk.engine, OWNER, "ticket:desk") == []
    (entry,) = desk.rows(JournalEntry, JournalEntry.command == "tickets.open", JournalEntry.kind == "command")
    assert [file["name"] for file in entry.data["attachments"]] == ["a.pdf", "b.png"]


def test_uploads_come_with_a_note_and_its_mail_names_them(desk):
    ticket = desk.open()
    waits = uploaded(desk, CLERK, f"note:{ticket}")
    added = notes.add(desk.engine, ticket, CLERK, "See the file.", public=False, attachments=[waits])
    (file,) = reads.of_ticket(desk.engine, CLERK, ticket).items
    assert (file.id, file.note, file.public) == (waits, added.note_id, False)
    (job,) = desk.rows(Job)
    assert job.payload["variables"]["note"]["attachments"] == ["a.pdf"]
    assert names(desk, OWNER, ticket) == []


@pytest.mark.parametrize("whose", ["another's", "missing", "sent", "absurd"])
def test_only_ones_own_waiting_files_are_sent(desk, whose):
    ticket = desk.open()
    number = {
        "another's": lambda: uploaded(desk, STRANGER),
        "missing": lambda: 999,
        "sent": lambda: attached(desk, ticket).id,
        "absurd": lambda: 2**70,
    }[whose]()
    before = len(desk.rows(Note))
    with pytest.raises(Invalid) as refused:
        notes.add(desk.engine, ticket, OWNER, "Here.", attachments=[number])
    assert list(refused.value.fields) == ["attachments"]
    assert len(desk.rows(Note)) == before


def test_a_refused_form_keeps_its_files(desk):
    waits = uploaded(desk)
    with pytest.raises(Invalid):
        open_ticket(desk.engine, OWNER, "desk", "", "", attachments=[waits])
    assert [file.id for file in reads.waiting(desk.engine, OWNER, "ticket:desk")] == [waits]


def test_what_was_not_sent_can_be_thrown_away_and_what_was_sent_not(desk):
    ticket, waits = desk.open(), uploaded(desk)
    sent = attached(desk, ticket).id
    for actor, number in [(STRANGER, waits), (OWNER, sent), (OWNER, 999)]:
        with pytest.raises(NotFound):
            attachments.discard(desk.engine, actor, number)
    attachments.discard(desk.engine, OWNER, waits)
    assert [row.id for row in desk.rows(Attachment)] == [sent]
    assert {row.attachment_id for row in desk.rows(AttachmentChunk)} == {sent}


def test_what_was_never_sent_is_forgotten_after_a_month(desk):
    ticket = desk.open()
    attached(desk, ticket)
    for _ in range(3):
        uploaded(desk)
    desk.clock.advance(days=31)
    young = uploaded(desk)
    housekeeping.tidy(desk.engine)
    assert len(desk.rows(Attachment)) == 2
    assert [file.id for file in reads.waiting(desk.engine, OWNER, "ticket:desk")] == [young]


def test_nobody_fills_the_disk_with_files_never_sent(desk, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_WAITING", 3)
    for _ in range(3):
        uploaded(desk)
    with pytest.raises(Conflict):
        uploaded(desk)
    assert uploaded(desk, STRANGER)
    desk.engine.settings = replace(desk.engine.settings, max_attachment=len(PDF))
    monkeypatch.setattr(attachments, "MOST_WAITING", 99)
    for _ in range(7):
        uploaded(desk)
    with pytest.raises(Conflict):
        uploaded(desk)


def test_few_files_come_together_and_a_ticket_is_full_some_day(desk, monkeypatch):
    ticket = desk.open()
    waiting = [uploaded(desk, place=f"note:{ticket}") for _ in range(3)]
    monkeypatch.setattr(attachments, "MOST_TOGETHER", 2)
    with pytest.raises(Invalid):
        notes.add(desk.engine, ticket, OWNER, "All.", attachments=waiting)
    monkeypatch.setattr(attachments, "MOST", 1)
    with pytest.raises(Conflict):
        notes.add(desk.engine, ticket, OWNER, "Two.", attachments=waiting[:2])
    notes.add(desk.engine, ticket, OWNER, "One.", attachments=waiting[:1] * 5)
    with pytest.raises(Conflict):
        attached(desk, ticket)


class Endless:
    """Gives zeros for ever, and counts them."""

    given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return b"%PDF-" + bytes(size - 5)


def test_too_large_a_file_is_refused_as_soon_as_it_is(desk):
    ticket, stream = desk.open(), Endless()
    desk.engine.settings = replace(desk.engine.settings, max_attachment=1_000_000)
    with pytest.raises(TooLarge) as refused:
        attachments.attach(desk.engine, OWNER, ticket, "a.pdf", stream)
    assert "0.954 MB" in str(refused.value)
    assert stream.given < 2_000_000
    assert desk.rows(Attachment) == []


class Broken:
    """A sender that goes away in the middle."""

    def __init__(self) -> None:
        self.pieces: Iterator[bytes] = iter([PDF, PDF])

    def read(self, size: int, /) -> bytes:
        piece = next(self.pieces, None)
        if piece is None:
            raise ConnectionResetError
        return piece


def test_an_unfinished_upload_leaves_nothing(desk):
    ticket = desk.open()
    with pytest.raises(ConnectionResetError):
        attachments.attach(desk.engine, OWNER, ticket, "a.pdf", Broken())
    with pytest.raises(ConnectionResetError):
        attachments.upload(desk.engine, OWNER, "ticket:desk", "a.pdf", Broken())
    assert desk.rows(Attachment) == desk.rows(AttachmentChunk) == []


def test_no_lock_is_held_while_a_slow_sender_sends(desk):
    ticket = desk.open()

    class Slow:
        pieces = iter([PDF, b""])

        def read(self, size: int, /) -> bytes:
            notes.add(desk.engine, ticket, CLERK, "Meanwhile.")
            return next(self.pieces)

    attachments.attach(desk.engine, OWNER, ticket, "a.pdf", Slow())
    assert len(desk.rows(Note)) == 2


def test_memory_doesnt_grow_with_the_file(desk):
    ticket = desk.open()
    attached(desk, ticket)

    class Large:
        left = 24_000_000

        def read(self, size: int, /) -> bytes:
            first = self.left == 24_000_000
            self.left -= size
            return (b"%PDF-" if first else b"12345") + bytes(size - 5) if self.left > 0 else b""

    tracemalloc.start()
    file = attachments.attach(desk.engine, OWNER, ticket, "large.pdf", Large())
    size = sum(len(piece) for piece in reads.open_content(desk.engine, OWNER, ticket, file.id).pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == file.size > 23_000_000
    assert peak < 6_000_000


@pytest.mark.parametrize("name", GENUINE)
def test_every_kind_comes_back_as_it_was(desk, name):
    ticket = desk.open()
    assert content_of(desk, CLERK, ticket, attached(desk, ticket, name=name, content=GENUINE[name]).id) == GENUINE[name]


def test_a_zip_costs_what_it_weighs(desk):
    """A gigabyte of zeros packs into a megabyte; nothing here unpacks it."""
    import zlib

    packer, packed = zlib.compressobj(9), bytearray(GENUINE["a.zip"][:30])
    for _ in range(64):
        packed += packer.compress(bytes(16_777_216))
    packed += packer.flush()
    with uploads.taken_in("bomb.zip", io.BytesIO(bytes(packed)), 26_214_400) as taken:
        assert taken.size == len(packed) < 1_200_000


def test_cobblers_of_no_department_see_no_files(desk):
    ticket = desk.open()
    file = attached(desk, ticket)
    with pytest.raises(NotFound):
        reads.open_content(desk.engine, COBBLER, ticket, file.id)
