"""The tutorial's files and commands do what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.workshop import TUTORIAL, write_workshop
from web.cli import iter_command

TEXT = TUTORIAL.read_text()


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    return write_workshop(tmp_path)


def test_the_package_passes_the_check(workshop: Path) -> None:
    result = CliRunner().invoke(iter_command, ["check", str(workshop)])
    assert result.exit_code == 0, result.output


def test_the_mistake_that_it_suggests_is_found(workshop: Path) -> None:
    diagram = workshop / "repair.bpmn"
    assert '`camunda:formKey="mends"`' in TEXT
    diagram.write_text(diagram.read_text().replace('camunda:formKey="mend"', 'camunda:formKey="mends"'))
    result = CliRunner().invoke(iter_command, ["check", str(workshop)])
    assert result.exit_code == 1
    assert "mends" in result.output


def test_the_scenario_holds_and_covers_everything(workshop: Path) -> None:
    result = CliRunner().invoke(iter_command, ["test", str(workshop), "--json"])
    assert result.exit_code == 0, result.output
    assert '"missing": []' in result.output or '"missing":[]' in result.output


def test_its_commands_are_the_ones_tested_here() -> None:
    assert set(re.findall(r"^iter (.*)$", TEXT, re.MULTILINE)) == {"check workshop", "test workshop"}
