"""What every query begins with: one reading transaction, and the packages in which the reader is somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, select, true

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Package, Permission
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.spiff.versions import PackageVersion
from engine.storage.database import Database
from engine.storage.tables import Package as PackageRow


class Source(Protocol):
    """What queries read from; the engine that commands work with is one."""

    @property
    def database(self) -> Database:
        """Where everything stands."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """Gives the aware instant that counts as now."""

    def version(self, deployment_id: int, tx: Connection | None = None) -> PackageVersion:
        """A deployed version, read once per process."""

    def policy(self, policy_id: int, tx: Connection) -> Policy:
        """A version of a policy, read once per process."""

    def policy_version(self, package_id: str, version: int, tx: Connection) -> Policy:
        """A version of a package's policy by its number, read once per process."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and with what."""

    engine: Source
    tx: Connection
    actor: Actor
    #: latest versions of the packages in which the reader has a role; of all of them for administrators
    packages: Mapping[str, Package]
    #: the same with their diagrams and forms
    versions: Mapping[str, PackageVersion]
    #: the language that the reader reads; empty: each package's own
    language: str = ""
    #: what has been found out in this reading, so that it is asked for once
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sees_everything(self) -> bool:
        """Administrators and the system."""
        return self.actor.administrator or self.actor.kind == "system"

    def package(self, package_id: str) -> Package:
        """A package in which the reader is somebody. Raises `NotFound`."""
        if package_id not in self.packages:
            raise NotFound(said("There is no such package."))
        return self.packages[package_id]

    def staff_package(self, package_id: str) -> Package:
        """A package in which the reader is staff. Raises `NotFound`."""
        package = self.package(package_id)
        if not self.is_staff(package):
            raise NotFound(said("There is no such package."))
        return package

    def is_staff(self, package: Package) -> bool:
        """Whether one of the reader's roles in the package is staff's."""
        return self.sees_everything or any(role.kind == "staff" for role in self.actor.roles(package))

    def where_may(self, permission: Permission, column: Any) -> ColumnElement[bool]:
        """That `column` is a package in which the reader has a permission."""
        if self.sees_everything:
            return true()
        allowed = [key for key, package in self.packages.items() if self.actor.may(permission, package)]
        return ColumnElement.in_(column, allowed)


#: the reading that this context is in
_running: ContextVar[Reader | None] = ContextVar("reading", default=None)


@contextmanager
def reading(engine: Source, actor: Actor, language: str = "") -> Iterator[Reader]:
    """A reading transaction, in which everything is as it was at one moment.

    Inside another `reading` for the same actor it is that one: a page asks several queries, and all see one moment,
    and give what the packages say in the language of the outermost.
    """
    outer = _running.get()
    if outer is not None and outer.engine is engine and outer.actor == actor:
        yield outer
        return
    with engine.database.read(by_values=True) as tx:
        reader = _reader(engine, tx, actor, language)
        token = _running.set(reader)
        try:
            yield reader
        finally:
            _running.reset(token)


def reading_language() -> str:
    """The language of the reading that is under way; empty for each package's own."""
    running = _running.get()
    return running.language if running else ""


def _reader(engine: Source, tx: Connection, actor: Actor, language: str) -> Reader:
    statement = select(PackageRow.id, PackageRow.deployment_id).where(PackageRow.deployment_id.is_not(None))
    if not (actor.administrator or actor.kind == "system"):
        statement = statement.where(PackageRow.id.in_(sorted({member.package for member in actor.memberships})))
    rows = tx.execute(statement.order_by(PackageRow.id)).all()
    versions = {row.id: engine.version(row.deployment_id or 0, tx) for row in rows}
    return Reader(engine, tx, actor, {key: version.package for key, version in versions.items()}, versions, language)
