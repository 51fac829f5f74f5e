"""Which entries of a journal belong to one command."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.spiff.retelling.entries import Entry, by_command

AT = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def groups(*entries: str) -> list[str]:
    """`command/kind` of entries of one instant, by command."""
    made = [Entry(AT, 0, *name.split("/"), "", "", {}) for name in entries]
    return [" ".join(entry.kind for entry in group) for group in by_command(made)]


def test_what_follows_on_a_command_is_its_own() -> None:
    fired = ("timers.fire/command", "timers.fire/element_entered")
    assert groups(*fired, *fired) == ["command element_entered"] * 2


def test_some_commands_tell_themselves_last() -> None:
    done = ("jobs.complete/job_cancelled", "jobs.complete/element_entered", "jobs.complete/command")
    assert groups(*done, *done) == ["job_cancelled element_entered command"] * 2


def test_editing_tells_itself_between_deadlines_and_what_the_process_does_of_it() -> None:
    edited = ("tickets.edit/clock_changed", "tickets.edit/command", "tickets.edit/element_entered")
    assert groups("timers.fire/command", *edited) == ["command", "clock_changed command element_entered"]


def test_what_failed_and_was_undone_stands_alone() -> None:
    assert groups(
        "user_tasks.complete/incident_raised", "user_tasks.complete/command", "user_tasks.complete/user_task_closed"
    ) == ["incident_raised", "command user_task_closed"]


def test_an_incident_of_a_command_that_stands_belongs_to_it() -> None:
    assert groups("notes.add/command", "notes.add/incident_raised") == ["command incident_raised"]
