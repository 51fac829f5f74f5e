"""A deployment is one immutable version, atomic; folders and policies are taken over only where nobody was before."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.engine import Engine
from engine.commands.packages import deployments, folders
from engine.domain.actors import SYSTEM
from engine.domain.errors import Forbidden, Invalid, Refused
from engine.storage import packages
from engine.storage.database import Database
from engine.storage.tables import Deployment, File, JournalEntry, Policy
from tests.integration.conftest import Desk
from tests.support.clock import VirtualClock
from tests.support.desk import CLERK, COBBLER, OWNER, desk_files

SLA = desk_files()["sla.dmn"].decode()


def changed(**files: str) -> dict[str, bytes]:
    return {**desk_files(), **{name.replace("__", "."): content.encode() for name, content in files.items()}}


def test_the_same_files_make_no_new_version(desk: Desk) -> None:
    again = deployments.deploy(desk.engine, desk_files(), CLERK, "api")
    assert not again.created
    assert again.version == 1
    second = deployments.deploy(desk.engine, changed(README__md="More."), CLERK, "api", "A reason")
    assert (second.version, second.created, second.policy) == (2, True, "same")
    assert len(desk.rows(File)) == len(set(desk_files().values())) + 1
    back = deployments.deploy(desk.engine, desk_files(), CLERK, "api")
    assert (back.version, back.created) == (3, True)


def test_tickets_keep_the_version_that_they_started_with(desk: Desk) -> None:
    ticket_id = desk.open()
    repair = desk_files()["repair.bpmn"].decode().replace('name="Mend it"', 'name="Mend them"')
    deployments.deploy(desk.engine, changed(repair__bpmn=repair), CLERK, "api")
    desk.complete(ticket_id, pairs=1)
    assert desk.task(ticket_id).name == "Mend it"
    other = desk.open()
    desk.complete(other, pairs=1)
    assert desk.task(other).name == "Mend them"


def test_a_version_is_read_again_after_a_restart(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.engine = Engine(desk.database, desk.clock, desk.engine.sandbox)
    desk.complete(ticket_id, pairs=1)
    assert desk.task(ticket_id).element == "mend"


def test_who_may_deploy(desk: Desk) -> None:
    for actor in (COBBLER, OWNER):
        with pytest.raises(Forbidden):
            deployments.deploy(desk.engine, changed(README__md="x"), actor, "api")
    other = changed(package__toml=desk_files()["package.toml"].decode().replace('id = "desk"', 'id = "desk2"'))
    with pytest.raises(Forbidden):
        deployments.deploy(desk.engine, other, CLERK, "api")
    assert len(desk.rows(Deployment)) == 1


def test_what_is_refused_leaves_nothing(database: Database, clock: VirtualClock, sandbox) -> None:
    engine = Engine(database, clock, sandbox)
    for files in ({}, {"package.toml": b"\xff"}, {**desk_files(), "repair.bpmn": b"<no"}):
        with pytest.raises(Refused):
            deployments.deploy(engine, files, SYSTEM, "api")
    for path in ("../x.md", "/x.md", "a\0.md", "x" * 300 + ".md"):
        with pytest.raises(Invalid):
            deployments.deploy(engine, {**desk_files(), path: b""}, SYSTEM, "api")
    with pytest.raises(Invalid):
        deployments.deploy(engine, {**desk_files(), "big.md": b"x" * 3_000_000}, SYSTEM, "api")
    with database.read() as tx:
        assert packages.current(tx, "desk") is None
        assert tx.execute(File.__table__.select()).all() == []


def test_a_changed_policy_is_taken_over_unless_somebody_changed_it_in_iter(desk: Desk) -> None:
    faster = deployments.deploy(desk.engine, changed(sla__dmn=SLA.replace("PT3H", "PT2H")), CLERK, "api")
    assert faster.policy == "taken"
    with desk.database.begin() as tx:
        current = packages.policy(tx, packages.lock(tx, "desk", desk.clock()).policy_id)
        changed_here = {
            "package_id": "desk", "version": 3, "content": {**current.content, "version": 3}, "source": "iter",
            "created_at": desk.clock(), "created_by": CLERK.id,
        }  # fmt: skip
        packages.add_policy(tx, changed_here)
    kept = deployments.deploy(desk.engine, changed(sla__dmn=SLA.replace("PT3H", "PT1H")), CLERK, "api")
    assert kept.policy == "kept"
    assert [row.version for row in desk.rows(Policy)] == [1, 2, 3]


def test_folders_at_start_up(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "workflows" / "desk"
    write(folder, desk_files())
    write(folder, {".hidden": b"not part of it"})
    assert list(folders.find_packages(tmp_path / "workflows")) == [folder]
    assert folders.deploy_folder(desk.engine, folder).state == "current"
    write(folder, {"README.md": b"Five lines."})
    state = folders.deploy_folder(desk.engine, folder)
    assert state.state == "deployed"
    assert state.deployment is not None
    assert state.deployment.version == 2
    deployments.deploy(desk.engine, changed(README__md="In the browser."), CLERK, "browser")
    write(folder, {"README.md": b"Six lines."})
    assert folders.deploy_folder(desk.engine, folder).state == "differs"
    assert len(desk.rows(Deployment)) == 3


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def test_deploying_is_in_the_journal(desk: Desk) -> None:
    (entry,) = desk.rows(JournalEntry, JournalEntry.command == "deployments.deploy")
    assert (entry.package_id, entry.data["version"], entry.data["policy"]) == ("desk", 1, "first")
