"""The draft of a package: what its owners are changing, before it is deployed. It is one, and all of them share it.

A file is written over the revision of it that was read: of two owners who change the same file, the second is told.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.commands.access import find_package, require
from engine.commands.engine import Engine
from engine.commands.packages.deployments import Deployment, check_files, write_version
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid, NotFound, Problem, Refused
from engine.domain.said import said
from engine.domain.storable import LINE, check_texts
from engine.spiff.beginning import begin
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios import Result, run_package
from engine.spiff.versions import SUFFIXES, PackageVersion, read_version
from engine.storage import package_drafts, packages

#: failing scenarios of which it is told what differs
TOLD = 20


@dataclass(frozen=True, slots=True)
class _Held:
    """A draft, locked, with the files that its version has and what it changes of them."""

    row: Row[Any]
    #: of the version in force
    live: int
    base: Mapping[str, bytes]
    changes: Mapping[str, Row[Any]]

    def is_as_in(self, work: Work, path: str, deployment_id: int | None) -> bool:
        """Whether a file of the draft's version is the same in another deployment."""
        if deployment_id in (None, self.row.deployment_id if self.changes else self.live):
            return True
        return packages.files(work.tx, deployment_id).get(path) == self.base.get(path)

    @property
    def files(self) -> dict[str, bytes]:
        """All files of the draft, as they would be deployed."""
        changed = {path: row.content for path, row in self.changes.items()}
        return {path: content for path, content in {**self.base, **changed}.items() if content is not None}


def keep(
    engine: Engine,
    actor: Actor,
    package_id: str,
    files: Mapping[str, bytes | None],
    read: Mapping[str, int],
    based_on: int | None = None,
) -> int:
    """Write files into the draft; None takes one away. Gives the draft's revision.

    `read`: the revision of each file that was read, 0 for one that the draft hadn't changed; such a one was read of the
    deployment `based_on` (its id; by default that on which the draft is based now).
    Raises `NotFound`, `Forbidden`, `Invalid`, `Refused` for what no package holds, and `Conflict` where somebody else
    changed one of them since.
    """
    with _holding(engine, actor, package_id, "drafts.keep") as (work, held):
        for path in files:
            known = held.changes[path].revision if path in held.changes else 0
            if known != read.get(path, 0) or (not known and not held.is_as_in(work, path, based_on)):
                raise Conflict(said("{path} was changed by somebody else since you opened it.", path=path))
        return _write(work, held, files)


def begin_file(engine: Engine, actor: Actor, package_id: str, kind: str, name: str) -> str:
    """Begin a new file of a kind (`engine.spiff.beginning.KINDS`), named as people call it. Gives its path.

    Raises `NotFound`, `Forbidden`, and `Invalid` where there is such a file.
    """
    path, content = begin(kind, name)
    with _holding(engine, actor, package_id, "drafts.keep") as (work, held):
        if path in held.files:
            raise Invalid(said("There is {path} already.", path=path), {"name": [said("Choose another name.")]})
        _write(work, held, {path: content})
    return path


def replace(engine: Engine, actor: Actor, package_id: str, files: Mapping[str, bytes], revision: int) -> int:
    """Have these files in the draft and no others: an upload, or an earlier version. Gives the draft's revision.

    `revision`: of the draft that was read. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    with _holding(engine, actor, package_id, "drafts.replace") as (work, held):
        _require_revision(held, revision)
        return _write(work, held, {**dict.fromkeys(held.files), **files})


def take_back(engine: Engine, actor: Actor, package_id: str, version: int, revision: int) -> int:
    """Have the draft say what an earlier version said; what is in it goes. Raises like `replace`."""
    with engine.database.read() as tx:
        found = packages.files_of_version(tx, package_id, version)
    if not found:
        raise NotFound(said("There is no such version."))
    return replace(engine, actor, package_id, found, revision)


def discard(engine: Engine, actor: Actor, package_id: str, revision: int) -> None:
    """Throw the draft's changes away. Raises `NotFound`, `Forbidden`, `Conflict`."""
    with _holding(engine, actor, package_id, "drafts.discard") as (work, held):
        _require_revision(held, revision)
        work.journal({"files": sorted(held.changes)}, package_id=package_id)
        _empty(work, held)


def catch_up(engine: Engine, actor: Actor, package_id: str, revision: int, theirs: Collection[str]) -> int:
    """Have the draft's changes be changes of the version in force; of `theirs`, that version's files count.

    Raises `NotFound`, `Forbidden`, `Conflict`.
    """
    with _holding(engine, actor, package_id, "drafts.catch_up") as (work, held):
        _require_revision(held, revision)
        live = packages.files(work.tx, held.live)
        same = [path for path, row in held.changes.items() if row.content == live.get(path)]
        package_drafts.drop(work.tx, package_id, [*theirs, *same])
        return _changed(work, held, deployment_id=held.live)


def deploy(
    engine: Engine, actor: Actor, package_id: str, revision: int, reason: str = "", *, anyway: bool = False
) -> Deployment:
    """Deploy the draft as the package's next version; the draft is empty then.

    `anyway`: although scenarios fail; it wants a reason, which is journaled with what failed.
    Raises `NotFound`, `Forbidden`, `Invalid`, `Refused` with every problem, and `Conflict` where the draft is empty,
    another version came between, or the draft is no longer at `revision`.
    """
    check_texts({"reason": (reason, LINE, False)})
    with _holding(engine, actor, package_id, "drafts.read") as (_, held):
        _require_deployable(held, revision)
    check_files(held.files)
    version = read_version(held.files)
    if version.package.id != package_id:
        raise Invalid(
            said(
                "package.toml says that this is the package {value}, not {id}.", value=version.package.id, id=package_id
            )
        )
    failed = _failing(version, reason, anyway)
    with _holding(engine, actor, package_id, "deployments.deploy") as (work, again):
        _require_deployable(again, revision)
        package = packages.lock(work.tx, package_id, work.now)
        if package.deployment_id != again.live:
            raise _overtaken()
        deployed = write_version(
            work, package, version, "browser", reason, {"failing_scenarios": failed} if failed else {}
        )
        _empty(work, again, deployment_id=deployed.id)
        return deployed


def visit(engine: Engine, actor: Actor, package_id: str, path: str = "") -> None:
    """Tell the other owners that somebody has the draft open. Raises `NotFound`, `Forbidden`, `Invalid`."""
    check_texts({"path": (path, LINE, False)})
    with working(engine, actor, "drafts.visit") as work:
        require(actor, "deploy", find_package(work, package_id)[1])
        package_drafts.visit(work.tx, package_id, actor.id, path, work.now)


@contextmanager
def _holding(engine: Engine, actor: Actor, package_id: str, command: str) -> Iterator[tuple[Work, _Held]]:
    with working(engine, actor, command) as work:
        package, said_by_it = find_package(work, package_id)
        require(actor, "deploy", said_by_it)
        row = package_drafts.lock(work.tx, package_id, package.deployment_id, actor.id, work.now)
        changes = package_drafts.files(work.tx, package_id)
        based_on = row.deployment_id if changes else package.deployment_id
        base = packages.files(work.tx, based_on)
        yield work, _Held(row, package.deployment_id, base, changes)


def _write(work: Work, held: _Held, files: Mapping[str, bytes | None]) -> int:
    """The changes that are left once these files are written; what the version has so isn't one."""
    foreign = [path for path, content in files.items() if content is not None and not path.endswith(SUFFIXES)]
    if foreign:
        remedy = said("Remove it; known are {names}.", names=list(SUFFIXES))
        raise Refused([Problem(path, said("A package holds no such file."), remedy) for path in foreign])
    after = {**held.files, **files}
    check_files({path: content for path, content in after.items() if content is not None})
    others = {path: content for path, content in files.items() if content != held.base.get(path)}
    package_id, revision = held.row.package_id, held.row.revision + 1
    package_drafts.drop(work.tx, package_id, [path for path in files if path not in others])
    package_drafts.write(work.tx, [
        {"package_id": package_id, "path": path, "content": content, "revision": revision, "changed_at": work.now,
         "changed_by": work.actor.id}
        for path, content in others.items()
    ])  # fmt: skip
    return _changed(work, held, deployment_id=held.row.deployment_id if held.changes else held.live)


def _empty(work: Work, held: _Held, **values: Any) -> None:
    package_drafts.drop(work.tx, held.row.package_id)
    _changed(work, held, **values)


def _changed(work: Work, held: _Held, **values: Any) -> int:
    revision: int = held.row.revision + 1
    told = {"revision": revision, "changed_at": work.now, "changed_by": work.actor.id}
    package_drafts.change(work.tx, held.row.package_id, {**told, **values})
    return revision


def _failing(version: PackageVersion, reason: str, anyway: bool) -> list[str]:
    """The scenarios that fail, where the owner deploys although they do. One that takes too long fails."""
    with closing(Sandbox(time.monotonic)) as sandbox:
        results = [result for result in run_package(version, sandbox=sandbox).results if not result.ok]
    failed = [result.file for result in results]
    if failed and not anyway:
        raise Invalid(said("Scenarios fail: {names}.", names=failed), {"scenarios": [*map(_first, results[:TOLD])]})
    if failed and not reason.strip():
        raise Invalid(
            said("Say why it is deployed although scenarios fail."), {"reason": [said("A text is required.")]}
        )
    return failed


def _first(result: Result) -> str:
    """What differs first in a scenario that fails."""
    first = result.differences[0]
    told = {"file": result.file, "step": first.step, "line": first.line, "problem": first.problem}
    return said("{file}: {step}, line {line}: {problem}", **told)


def _require_revision(held: _Held, revision: int) -> None:
    if held.row.revision != revision:
        raise Conflict(said("The draft was changed since you looked at it. Look at it again."))


def _require_deployable(held: _Held, revision: int) -> None:
    _require_revision(held, revision)
    if not held.changes:
        raise Conflict(said("The draft says what the version in force says: there is nothing to deploy."))
    if held.row.deployment_id != held.live:
        raise _overtaken()


def _overtaken() -> Conflict:
    return Conflict(said("Another version was deployed since the draft was begun. Bring its changes in first."))
