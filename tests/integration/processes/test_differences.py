"""Versions and drafts of a package compared, for who may deploy it; files are kept to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.packages import deployments
from engine.domain.errors import NotFound
from engine.queries.packages import differences, exports, versions
from engine.spiff.comparing import compare
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, desk_files
from tests.support.statements import counting

DIALECT = Path("tests/unit/spiff/dialects/camunda")


def deploy(desk: Desk, **files: bytes) -> int:
    changed = {**desk_files(), **{path.replace("__", "."): content for path, content in files.items()}}
    return deployments.deploy(desk.engine, changed, CLERK, "api").version


def test_versions_are_compared_both_ways_and_only_what_differs_is_read(desk: Desk) -> None:
    deploy(desk, README__md=b"one\n", more__md=b"x")
    deploy(desk, README__md=b"two\n")
    found = differences.between(desk.engine, CLERK, "desk", 2, 3)
    assert [(file.path, file.kind, file.text[1:]) for file in found.files] == [
        ("README.md", "changed", ("-one", "+two")), ("more.md", "removed", ()),
    ]  # fmt: skip
    with counting(desk.database) as counted:
        back = differences.between(desk.engine, CLERK, "desk", 3, 2)
    assert [(file.path, file.kind) for file in back.files] == [("README.md", "changed"), ("more.md", "added")]
    assert len(counted) <= 3
    assert differences.between(desk.engine, CLERK, "desk", 3, 3).files == ()


def test_a_draft_is_compared_with_a_version_however_broken_it_is() -> None:
    draft = {**desk_files(), "repair.bpmn": b"<no", "new.md": b""}
    found = compare(desk_files(), draft)
    assert [(file.path, file.kind) for file in found.files] == [("new.md", "added"), ("repair.bpmn", "changed")]
    assert found.files[1].changes == () and "+<no" in found.files[1].text


@pytest.mark.parametrize("actor", [COBBLER, OWNER])
def test_who_may_not_deploy_compares_nothing(desk: Desk, actor) -> None:
    with pytest.raises(NotFound):
        differences.between(desk.engine, actor, "desk", 1, 1)


def test_files_come_out_as_they_went_in_to_the_byte(desk: Desk) -> None:
    given = {
        **desk_files(),
        "windows.md": b"\xef\xbb\xbfone\r\ntwo\r\n\r\n",
        "old.md": b"caf\xe9 \x00 \xff\xfe",
        "bare.md": b"no end",
        "empty.md": b"",
    }
    given["repair.bpmn"] = (
        b"<!-- ours -->\r\n" + given["repair.bpmn"].partition(b"?>")[2].replace(b"\n", b"\r\n") + b"\n\n"
    )
    number = deployments.deploy(desk.engine, given, CLERK, "api").version
    assert versions.files(desk.engine, CLERK, "desk", number) == given
    assert exports.latest_files(desk.engine, "desk") == given
