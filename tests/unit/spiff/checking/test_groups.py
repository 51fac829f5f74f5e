"""Groups and lanes that a diagram names: nobody may be left with a user task that no one can claim."""

from pathlib import Path

import pytest

from engine.spiff.versions import check_version
from tests.support.workshop import write_workshop
from web.package_sources import from_folder

MEND = '<userTask id="mend" name="Repair the bicycle" camunda:formKey="mend" />'
INSIDE = (
    '<subProcess id="mend" name="Repair"><startEvent id="in" /><sequenceFlow id="a" sourceRef="in" targetRef="fix" />'
    '<userTask id="fix" /><sequenceFlow id="b" sourceRef="fix" targetRef="out" /><endEvent id="out" /></subProcess>'
)


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    files = from_folder(write_workshop(tmp_path), 1_000_000)
    text = files["repair.bpmn"].decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return [f"{found.element}: {found.problem}" for found in check_version({**files, "repair.bpmn": text.encode()})]


@pytest.mark.parametrize("group", ["mechanik", "mechanic@moon", "Mechanic!"])
def test_a_group_that_does_not_exist_is_refused(tmp_path: Path, group: str) -> None:
    (found,) = problems(tmp_path, (MEND, MEND.replace("/>", f'camunda:candidateGroups="{group}" />')))
    assert found.startswith(f"mend: The group '{group}'")
    (found,) = problems(tmp_path, ("group:mechanic", f"group:{group}"))
    assert found.startswith(f"remind: The group '{group}'")


@pytest.mark.parametrize("content", [MEND, INSIDE], ids=["in-the-lane", "in-a-subprocess"])
def test_a_lane_for_which_nobody_works_is_refused(tmp_path: Path, content: str) -> None:
    assert problems(tmp_path, (MEND, content)) == []
    (found,) = problems(tmp_path, (MEND, content), ('name="Mechanic"', 'name="Mechanics"'))
    assert "the lane 'Mechanics'" in found
