"""Whether what a demonstration names is in the package. It only warns: what is invented holds up no deployment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from engine.domain.errors import Invalid, Problem
from engine.domain.forms import Form
from engine.domain.packages import Package
from engine.domain.said import said
from engine.spiff.demonstration.format import Demonstration, Person, Place, Step, Story
from engine.spiff.demonstration.timeline import instants_of
from engine.spiff.model import Process

#: fields that people may edit beside the package's own
EDITABLE = frozenset({"subject", "text", "category", "department", "assignee"})
#: of a role that a person of the other kind has
_FOR = {
    "staff": said("The role `{role}` is for staff, not for customers."),
    "customer": said("The role `{role}` is for customers, not for staff."),
}
#: a working day like any other, by which it is told whether a story ends before now
_NOMINAL = datetime(2026, 6, 10, 10, tzinfo=UTC)


def check_demonstration(
    demonstration: Demonstration, package: Package, processes: Collection[Process], forms: Mapping[str, Form]
) -> list[Problem]:
    """Names that lead nowhere, and stories that would end after now."""
    names = _Names(demonstration, package, processes, forms)
    found = [problem for person in demonstration.people.values() for problem in names.person(person)]
    return found + [problem for story in demonstration.stories for problem in names.story(story)]


class _Names:
    def __init__(
        self, demonstration: Demonstration, package: Package, processes: Collection[Process], forms: Mapping[str, Form]
    ) -> None:
        self.demonstration, self.package, self.forms = demonstration, package, forms
        nodes = [node for process in processes for node in process.nodes.values() if node.type == "userTask"]
        #: user task → keys of its form
        self.user_tasks = {node.id: self._keys(node.form) for node in nodes}

    def _keys(self, form: str) -> Collection[str] | None:
        """The keys of a form; None of one that can't be read, which is told elsewhere."""
        found = self.forms.get(form)
        return found.keys if found else None if form else ()

    def person(self, person: Person) -> Iterator[Problem]:
        """Somebody's roles, departments and company."""
        if person.company and person.company not in self.demonstration.companies:
            yield _problem(person.place, "company", said("There is no company `{name}`.", name=person.company))
        kind = "customer" if person.company else "staff"
        for role, departments in person.roles.items():
            known = self.package.roles.get(role)
            if known is None:
                yield _problem(person.place, "roles", said("The package has no role `{role}`.", role=role))
            elif known.kind != kind:
                yield _problem(person.place, "roles", said(_FOR[known.kind].key, role=role))
            for department in sorted(set(departments) - set(self.package.departments)):
                told = said("The package has no department `{department}`.", department=department)
                yield _problem(person.place, "roles", told)

    def story(self, story: Story) -> Iterator[Problem]:
        """A ticket's people and fields, its steps, and when it ends."""
        for name in ("requester", "by"):
            yield from self._known(story.place, name, getattr(story, name))
        for key in sorted(set(story.fields) - set(self.package.fields)):
            yield _problem(story.place, "fields", said("There is no ticket field `{key}`.", key=key))
        for step in story.steps:
            yield from self._known(step.place, "by", step.by)
            yield from self._step(step)
        yield from self._time(story)

    def _step(self, step: Step) -> Iterator[Problem]:
        match step.verb:
            case "complete":
                yield from self._user_task(step)
                yield from self._data(step, self.user_tasks.get(step.what))
            case "claim" | "hand_over":
                yield from self._user_task(step)
            case "action" if step.what not in self.package.actions:
                told = said("There is no action `{name}` in package.toml.", name=step.what)
                yield _problem(step.place, "action", told)
            case "action":
                yield from self._data(step, self._keys(self.package.actions[step.what].form))
            case "edit":
                for key in sorted(set(step.what) - EDITABLE - set(self.package.fields)):
                    yield _problem(step.place, "edit", said("`{key}` isn't a field that people edit.", key=key))
        if "to" in step.details:
            yield from self._known(step.place, "to", step.details["to"])

    def _user_task(self, step: Step) -> Iterator[Problem]:
        if step.what not in self.user_tasks:
            told = said("No diagram has a user task `{element}`.", element=step.what)
            yield _problem(step.place, step.verb, told)

    def _data(self, step: Step, known: Collection[str] | None) -> Iterator[Problem]:
        given = set(step.details.get("data", {}))
        for key in sorted(given - set(given if known is None else known)):
            yield _problem(step.place, "data", said("The form has no field `{key}`.", key=key))

    def _known(self, place: Place, key: str, name: str) -> Iterator[Problem]:
        if name not in self.demonstration.people:
            yield _problem(place, key, said("There is nobody called `{name}` in the demonstration.", name=name))

    def _time(self, story: Story) -> Iterator[Problem]:
        calendar = self.package.calendars.get(self.package.calendar)
        if calendar is None:
            return
        try:
            instants = instants_of(story, calendar, self.package.time_zone, _NOMINAL)
        except Invalid as error:
            yield _problem(story.place, "ago", str(error))
            return
        for step, instant in zip(story.steps, instants[1:], strict=True):
            if instant > _NOMINAL:
                told = said("This would come after now: the ticket was opened too late.")
                yield _problem(step.place, "after", told)
                return


def _problem(place: Place, key: str, told: str) -> Problem:
    element = ".".join(map(str, (*place.path, key)))
    remedy = said("Correct it: see {page}.", page="docs/reference/demonstration.md")
    return Problem(place.file, told, remedy, element, line=place.line, severity="warning")
