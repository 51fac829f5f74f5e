"""A package of another trade, language and country: what Iter knows, it knows from the package alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.spiff.scenarios import run_package
from engine.spiff.versions import PackageVersion, check_version, read_version

FOLDER = Path(__file__).parent / "klempner"
ROOT = FOLDER.parents[2]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def version(files: dict[str, bytes]) -> PackageVersion:
    return read_version(files)


def test_the_package_is_deployable(files: dict[str, bytes]) -> None:
    assert check_version(files) == []


def test_all_of_its_scenarios_hold_and_cover_every_element_and_flow(version: PackageVersion) -> None:
    report = run_package(version)
    assert report.ok, report.text()
    assert len(report.results) == 4
    assert report.coverage.missing == ()


def test_no_word_of_a_package_stands_in_python(version: PackageVersion) -> None:
    words = {version.package.id, "mrdoc", "wasserman", *version.package.statuses, *version.package.categories}
    words -= {"neu", "heizung"}  # too short, or part of other words
    for path in [*ROOT.glob("engine/**/*.py"), *ROOT.glob("web/**/*.py")]:
        code = path.read_text(encoding="utf-8").lower()
        assert not [word for word in words if word in code], path
