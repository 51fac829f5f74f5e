"""What a demonstration names is looked for in its package; what isn't there is a warning, and keeps nothing back."""

from __future__ import annotations

import pytest

from engine.domain.errors import Problem
from engine.domain.said import Said
from engine.spiff.versions import check_version, read_version
from tests.support.desk import desk_files

DEMONSTRATION = """\
companies: { shoes: { name: Shoes Ltd } }
people:
  olga: { name: Olga, email: olga@shoes.example, company: shoes, roles: { owner: [] } }
  clara: { name: Clara, email: clara@desk.example, roles: { clerk: [] } }
  colin: { name: Colin, email: colin@desk.example, roles: { cobbler: [leather] } }
tickets:
  - subject: Broken heel
    requester: olga
    ago: PT5H
    steps:
      - { complete: look, by: clara, after: PT1H, data: { pairs: 1 } }
"""


def problems(text: str = DEMONSTRATION) -> list[Problem]:
    """Everything that the gate finds in the desk's package with this demonstration."""
    return check_version({**desk_files(), "demonstration/a.yaml": text.encode()})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("company: shoes", "company: boots", "There is no company `boots`."),
        ("{ clerk: [] }", "{ clark: [] }", "The package has no role `clark`."),
        ("{ clerk: [] }", "{ owner: [] }", "The role `owner` is for customers, not for staff."),
        ("[leather]", "[rubber]", "The package has no department `rubber`."),
        ("requester: olga", "requester: olaf", "There is nobody called `olaf` in the demonstration."),
        ("by: clara", "by: klara", "There is nobody called `klara` in the demonstration."),
        ("complete: look", "complete: peek", "No diagram has a user task `peek`."),
        ("{ pairs: 1 }", "{ tears: 1 }", "The form has no field `tears`."),
        ("complete: look", "action: fly", "There is no action `fly` in package.toml."),
        ("complete: look, by: clara, after: PT1H, data", "by: clara, edit", "`pairs` isn't a field that people edit."),
        ("after: PT1H", "after: P1D", "This would come after now: the ticket was opened too late."),
        ("ago: PT5H", "ago: P9999D", "Expected a duration of at most 10 years, but got 'P9999D'."),
    ],
)
def test_a_name_that_leads_nowhere_is_a_warning_at_its_line(before: str, after: str, told: str) -> None:
    assert before in DEMONSTRATION
    changed = DEMONSTRATION.replace(before, after, 1)
    (found, *_) = [problem for problem in problems(changed) if problem.problem == told]
    assert isinstance(found.problem, Said) and isinstance(found.remedy, Said)
    assert found.severity == "warning"
    assert found.file == "demonstration/a.yaml"
    assert found.line > 0


def test_nothing_is_said_of_a_sound_one() -> None:
    assert problems() == []


def test_warnings_keep_no_version_from_being_deployed() -> None:
    files = {**desk_files(), "demonstration/a.yaml": DEMONSTRATION.replace("look", "peek").encode()}
    assert read_version(files).files["demonstration/a.yaml"]


def test_a_file_that_cannot_be_read_is_refused() -> None:
    assert [problem.severity for problem in problems("people: [")] == ["error"]
