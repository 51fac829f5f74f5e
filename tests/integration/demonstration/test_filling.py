"""What the demonstration shows: everything that the package has, made by the process itself, ending now."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from engine.queries.people.demonstration import people
from engine.spiff.demonstration import read_demonstration
from engine.storage.tables import (
    Account,
    Attachment,
    Clock,
    Incident,
    Involvement,
    Job,
    JournalEntry,
    Mail,
    Note,
    Ticket,
    Timer,
    UserTask,
)
from engine.worker import Worker
from tests.integration.demonstration.conftest import NOW, PACKAGE, Filling


def test_every_story_is_told_to_its_end(shown: Filling) -> None:
    assert shown.filled is not None
    assert shown.filled.problems == ()
    assert shown.filled.tickets == len(shown.rows(select(Ticket.id))) >= 40


def test_it_shows_every_status_request_type_category_and_step(shown: Filling) -> None:
    package = shown.engine.version(1).package
    tickets = shown.rows(select(Ticket))
    assert {row.status for row in tickets} == set(package.statuses)
    assert {row.request_type for row in tickets} == set(package.request_types)
    assert {row.category for row in tickets} - {""} == set(package.categories)
    assert {row.department for row in tickets} - {""} == set(package.departments)
    assert {row.step for row in tickets} == {step.key for step in package.steps} - {"received"}, "no ticket rests there"


def test_somebody_has_every_role_and_every_department(shown: Filling) -> None:
    package = shown.engine.version(1).package
    told = {person.role for person in people(shown.engine)}
    assert {label.partition(" (")[0] for label in told} == {role.label["it"] for role in package.roles.values()}
    assert all(any(place.label["it"] in label for label in told) for place in package.departments.values())


def test_deadlines_lie_ahead_soon_and_past(shown: Filling) -> None:
    running = shown.rows(select(Clock.deadline_at, Clock.paused_since).where(Clock.stopped_at.is_(None)))
    left = [row.deadline_at - NOW for row in running if row.deadline_at]
    assert sum(time < timedelta() for time in left) >= 3
    assert sum(timedelta() < time < timedelta(hours=4) for time in left) >= 2
    assert sum(time > timedelta(days=2) for time in left) >= 3
    assert any(row.paused_since for row in running)


def test_goals_were_met_missed_and_given_up(shown: Filling) -> None:
    stopped = shown.rows(select(Clock).where(Clock.stopped_at.is_not(None)))
    late = [clock for clock in stopped if clock.met and clock.deadline_at and clock.stopped_at > clock.deadline_at]
    assert {clock.goal for clock in late} >= {"resolution", "take_charge"}
    assert any(not clock.met for clock in stopped)
    assert sum(bool(clock.met) for clock in stopped) > 3 * len(late)


def test_time_only_went_on_and_ends_now(shown: Filling) -> None:
    """In the order in which the journal was written, over all tickets together."""
    entries = select(JournalEntry.at).where(JournalEntry.ticket_id.is_not(None)).order_by(JournalEntry.id)
    lived = [row.at for row in shown.rows(entries)]
    assert lived == sorted(lived)
    assert NOW - timedelta(days=75) < lived[0] < NOW - timedelta(days=50)
    assert NOW - timedelta(hours=1) < lived[-1] <= NOW


def test_what_fell_due_was_done_at_its_instant(shown: Filling) -> None:
    """Reminders and escalations came about by themselves, and nothing is left that was due."""
    fired = (JournalEntry.command == "timers.fire", JournalEntry.kind == "command")
    elements = {row.element for row in shown.rows(select(JournalEntry.element).where(*fired))}
    assert elements >= {"reminder_due", "decision_reminder", "check_overdue", "resolution_overdue", "quote_overdue"}
    assert shown.rows(select(Timer.id).where(Timer.due_at <= NOW.replace(second=0))) == []
    assert shown.rows(select(Job.id).where(Job.state == "open")) == []


def test_people_talk_watch_attach_and_take_tasks(shown: Filling) -> None:
    notes = shown.rows(select(Note))
    assert {note.public for note in notes} == {True, False}
    assert {note.expects for note in notes} == {"nobody", "customer", "staff"}
    assert any("**" in note.text for note in notes) and any("\n- " in note.text for note in notes)
    kinds = {row.media_type for row in shown.rows(select(Attachment))}
    assert kinds >= {"application/pdf", "image/png", "text/plain"}
    assert {row.reason for row in shown.rows(select(Involvement))} >= {"requester", "assignee", "author", "watcher"}
    tasks = shown.rows(select(UserTask).where(UserTask.state == "open"))
    assert any(task.assignee_id for task in tasks) and any(task.assignee_id is None for task in tasks)


def test_one_incident_waits_and_one_was_mended(shown: Filling) -> None:
    assert Counter(row.state for row in shown.rows(select(Incident))) == {"open": 1, "resolved": 1}


def test_no_mail_of_it_leaves_the_machine(shown: Filling) -> None:
    """Though a mail server is configured."""
    assert len(shown.rows(select(Mail.id))) > 300
    assert {row.state for row in shown.rows(select(Mail.state).distinct())} == {"kept"}


def test_nobody_invented_has_an_address_at_which_mail_arrives(shown: Filling) -> None:
    accounts = shown.rows(select(Account))
    assert all(account.demonstration for account in accounts)
    assert all(account.email.endswith(".example.com") for account in accounts)


def test_the_process_goes_on_from_where_it_stands(shown: Filling) -> None:
    """The worker finds nothing due now, and what falls due tomorrow tomorrow."""
    worker = Worker(shown.engine)
    assert worker.tick() == 0
    shown.move(timedelta(days=1))
    assert worker.tick() > 0
    assert Counter(row.state for row in shown.rows(select(Incident))) == {"open": 1, "resolved": 1}


def test_filling_tells_how_far_it_is(shown: Filling) -> None:
    done = [progress.done for progress in shown.told]
    assert done == list(range(1, len(done) + 1))
    last = shown.told[-1]
    assert (last.done, last.opened) == (last.events, last.tickets)
    assert all(progress.number for progress in shown.told)


def test_it_is_filled_once(shown: Filling) -> None:
    before = shown.counts()
    assert shown.fill() is None
    assert shown.counts() == before


def test_all_of_it_stands_in_the_package(shown: Filling) -> None:
    found, problems = read_demonstration(shown.engine.version(1).files)
    assert problems == []
    assert {story.subject for story in found.stories} == {row.subject for row in shown.rows(select(Ticket.subject))}
    assert shown.rows(select(Ticket.package_id).distinct()) == [(PACKAGE,)]
