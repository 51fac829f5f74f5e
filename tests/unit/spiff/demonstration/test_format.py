"""Demonstration files: what they may say, and how everything that is wrong is told at its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.time.durations import WorkingDuration
from engine.spiff.demonstration import Demonstration, Step, read_demonstration
from engine.spiff.demonstration.format import MAX_STEPS, VERBS

PEOPLE = """\
companies: { firm: { name: Firm Ltd, services: [Site] } }
people:
  ada: { name: Ada, email: ada@firm.example.com, company: firm, roles: { customer: [] } }
  ben: { name: Ben, email: ben@desk.example, roles: { agent: [crm] } }
"""
TICKET = """\
tickets:
  - subject: It squeaks
    requester: ada
    ago: P1DT2H
    steps:
      - { note: Which one?, by: ben, expects: customer, after: PT1H }
      - { watch: ben }
"""


def read(**files: str) -> tuple[Demonstration, list[str]]:
    """The demonstration, and `file: line: element: problem` of all that is wrong."""
    found, problems = read_demonstration({f"demonstration/{name}.yaml": text.encode() for name, text in files.items()})
    return found, [f"{p.file.rpartition('/')[2]}:{p.line} {p.element}: {p.problem}" for p in problems]


def test_files_are_read_together_in_the_order_of_their_names() -> None:
    found, problems = read(people=PEOPLE, b=TICKET.replace("squeaks", "leaks"), a=TICKET)
    assert problems == []
    assert found.companies["firm"].services == ("Site",)
    assert found.people["ben"].roles == {"agent": ("crm",)}
    assert [story.subject for story in found.stories] == ["It squeaks", "It leaks"]
    note, watch = found.stories[0].steps
    assert (note.verb, note.what, note.by, note.details, note.after) == (
        "note", "Which one?", "ben", {"expects": "customer"}, "PT1H",
    )  # fmt: skip
    assert (watch.verb, watch.by) == ("watch", "ben")


def test_the_requester_opens_the_ticket_unless_another_is_named() -> None:
    found, _ = read(people=PEOPLE, a=TICKET, b=TICKET.replace("    ago", "    by: ben\n    ago"))
    assert [story.by for story in found.stories] == ["ada", "ben"]


def test_other_folders_and_kinds_of_files_are_no_demonstration() -> None:
    found, problems = read_demonstration({"scenarios/a.yaml": b"title: x", "demonstration/README.md": b"# x"})
    assert not found
    assert problems == []


ONE_VERB = f"A step is a mapping with exactly one verb of: {', '.join(VERBS)}."


@pytest.mark.parametrize(
    ("before", "after", "place", "told"),
    [
        ("subject", "subjekt", "2 tickets[0].subjekt", "`subjekt` isn't known here. Did you mean `subject`?"),
        ("P1DT2H", "2 days", "4 tickets[0].ago", "Expected working time like P1DT4H30M, but found `\"2 days\"`."),
        ("P1DT2H", "P", "4 tickets[0].ago", "Expected working time like P1DT4H30M, but found `\"P\"`."),
        ("watch: ben", "look: ben", "7 tickets[0].steps[1]", ONE_VERB),
        ("watch: ben", "watch: ben, claim: mend", "7 tickets[0].steps[1]", ONE_VERB),
        (
            "expects: customer", "expects: them", "6 tickets[0].steps[0].expects",
            "Expected one of staff, customer, nobody, but found `\"them\"`.",
        ),
        ("by: ben, ", "", "6 tickets[0].steps[0]", "`by` is missing."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(before: str, after: str, place: str, told: str) -> None:
    assert before in TICKET
    _, problems = read(people=PEOPLE, a=TICKET.replace(before, after, 1))
    assert f"a.yaml:{place}: {told}" in problems


@pytest.mark.parametrize("address", ["ada@firm.com", "ada@example.com.firm.com", "ada@my-example.com", "ada"])
def test_an_address_at_which_mail_could_arrive_is_refused(address: str) -> None:
    _, problems = read(people=PEOPLE.replace("ada@firm.example.com", address))
    assert len(problems) == 1
    assert "nobody's mail arrives" in problems[0]


def test_a_key_stands_in_one_file_only() -> None:
    _, problems = read(a=PEOPLE, b=PEOPLE)
    assert [problem.partition(": ")[0] for problem in problems] == [
        "b.yaml:1 companies.firm", "b.yaml:3 people.ada", "b.yaml:4 people.ben",
    ]  # fmt: skip


def test_a_file_that_is_no_yaml_is_told_with_its_line() -> None:
    _, (problem,) = read(a="people: {\n")
    assert problem.startswith("a.yaml:2 : The file can't be read")


def test_a_demonstration_ends() -> None:
    steps = "\n".join("      - { watch: ben }" for _ in range(MAX_STEPS))
    _, problems = read(people=PEOPLE, a=TICKET + steps)
    assert problems == [f":0 : The demonstration has more than {MAX_STEPS:,} steps."]


@pytest.mark.parametrize("text", ["P1D", "PT2H", "PT30M", "P2DT3H15M"])
def test_durations_that_the_format_takes_are_working_time(text: str) -> None:
    found, problems = read(people=PEOPLE, a=TICKET.replace("P1DT2H", text))
    assert problems == []
    duration = WorkingDuration.parse(found.stories[0].ago)
    assert duration.days or duration.time > timedelta()


def test_a_step_without_more_has_no_details() -> None:
    found, _ = read(people=PEOPLE, a=TICKET)
    assert isinstance(found.stories[0].steps[1], Step)
    assert found.stories[0].steps[1].details == {}
