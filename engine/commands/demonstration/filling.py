"""Fills a database with a package's demonstration: all stories together along one virtual time that ends now.

One transaction: whoever kills it in the middle leaves nothing behind, and nobody sees half of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from engine.commands.access import find_package
from engine.commands.demonstration.acting import Stage
from engine.commands.demonstration.casting import make_people
from engine.commands.demonstration.passing import VirtualTime
from engine.commands.engine import Engine
from engine.commands.stepping import working
from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, IterError, Refused
from engine.domain.time.calendars import Calendar, find_calendar
from engine.spiff.demonstration import Story, instants_of, read_demonstration
from engine.storage import demonstration as store
from engine.storage import packages

#: how long before the first ticket its people were there
BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far filling has come."""

    done: int
    #: openings and steps of all tickets
    events: int
    opened: int
    tickets: int
    #: the ticket that something just happened to
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made."""

    tickets: int
    events: int
    #: what couldn't be done, each with its place in the files; the ticket's later steps were left out
    problems: tuple[str, ...] = ()


class _Event(NamedTuple):
    """Something that is to happen; sorted as it comes. `step` -1 is the opening."""

    at: datetime
    story: int
    step: int


def fill(
    engine: Engine, package_id: str, password: str, tell: Callable[[Progress], None] = lambda _: None
) -> Filled | None:
    """Make a package's people and tickets, in one transaction; None where they are there already.

    Nothing of it leaves the machine. Raises `NotFound`, `Refused` where the files can't be read, `Invalid`,
    `Conflict` where an address belongs to somebody real.
    """
    with working(engine, SYSTEM, "demonstration.fill") as work:
        found, package = find_package(work, package_id)
        packages.lock(work.tx, package_id, work.now)
        if store.is_filled(work.tx, package_id):
            return None
        version = engine.version(found.deployment_id, work.tx)
        demonstration, problems = read_demonstration(version.files)
        if problems:
            raise Refused(problems)
        policy = engine.policy(found.policy_id, work.tx)
        calendar = find_calendar({**package.calendars, **policy.calendars}, package.calendar)
        end = work.now.replace(second=0, microsecond=0)
        stories = demonstration.stories
        events = _events(stories, calendar, package.time_zone, end)
        time = VirtualTime(engine, events[0].at - BEFORE if events else end)
        people = make_people(time.engine, work.tx, demonstration, package_id, password)
        filling = _Filling(time, Stage(time.engine, version, people, calendar), stories, len(events), tell)
        for event in events:
            filling.happen(event)
        time.pass_until(end)
        filled = Filled(len(time.tickets), len(events), tuple(filling.problems))
        work.journal({"tickets": filled.tickets, "problems": list(filled.problems)}, package_id=package_id)
    return filled


def _events(stories: list[Story], calendar: Calendar, time_zone: str, end: datetime) -> list[_Event]:
    """All openings and steps in their order; none comes after the end."""
    if not stories:
        raise Invalid("The package has no demonstration: it needs tickets in demonstration/*.yaml.")
    return sorted(
        _Event(min(at, end), number, step)
        for number, story in enumerate(stories)
        for step, at in enumerate(instants_of(story, calendar, time_zone, end), start=-1)
    )


class _Filling:
    """The stories while they happen. One that can't go on stays as it stands; the others go on."""

    def __init__(
        self, time: VirtualTime, stage: Stage, stories: list[Story], events: int, tell: Callable[[Progress], None]
    ) -> None:
        self.time, self.stage, self.stories, self.events, self.tell = time, stage, stories, events, tell
        self.problems: list[str] = []
        self.done = 0
        #: story → its ticket's id and number, and None once it can't go on
        self._tickets: dict[int, tuple[int, str] | None] = {}

    def happen(self, event: _Event) -> None:
        """Let time pass until an event, and do it."""
        self.time.pass_until(event.at)
        self.done += 1
        story = self.stories[event.story]
        try:
            if event.step < 0:
                self._open(event.story)
            elif ticket := self._tickets.get(event.story):
                self.stage.act(ticket[0], story.steps[event.step])
        except IterError as error:
            self._give_up(event, error)
        self.time.settle()
        _, number = self._tickets.get(event.story) or (0, "")
        opened = len(self.time.tickets)
        self.tell(Progress(self.done, self.events, opened, len(self.stories), number, story.subject))

    def _open(self, number: int) -> None:
        opened = self.stage.open(self.stories[number])
        if opened.problem:
            raise Invalid(opened.problem)
        self._tickets[number] = (opened.ticket_id, opened.number)
        self.time.tickets.append(opened.ticket_id)

    def _give_up(self, event: _Event, error: IterError) -> None:
        """The rest of a story means nothing once a step of it couldn't be done."""
        self._tickets[event.story] = None
        story = self.stories[event.story]
        place = story.place if event.step < 0 else story.steps[event.step].place
        fields = "".join(f" {key}: {' '.join(said)}" for key, said in getattr(error, "fields", {}).items())
        self.problems.append(f"{place.file}, line {place.line} ({story.subject}): {error}{fields}")
