"""The draft of a package, read: its files, what it changes, who changed it, and who else has it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound, Problem
from engine.domain.said import said
from engine.queries.packages.contents import Kind, kind_of
from engine.queries.packages.standing import owned_package
from engine.queries.reading import Reader, Source, reading
from engine.spiff.checking.sizes import check_sizes
from engine.spiff.comparing import Differences, compare
from engine.spiff.offering import Offers, offers
from engine.spiff.scenarios import scenarios_in
from engine.spiff.versions import POLICY_FILE, Reading
from engine.storage import package_drafts, packages
from engine.storage.tables import Account, PackageDraftVisit

#: who was seen so lately counts as being there
PRESENT = timedelta(seconds=45)
Change = Literal["", "added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a draft."""

    path: str
    kind: Kind
    #: against the version that the draft is based on; empty for none
    change: Change
    #: 0 for a file that the draft doesn't change
    revision: int = 0
    changed_at: datetime | None = None
    by: str = ""

    @property
    def is_policy(self) -> bool:
        """Whether it holds the service levels, which are edited as such."""
        return self.path == POLICY_FILE


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the draft open."""

    name: str
    #: empty for none in particular
    path: str


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """What a draft's files gave."""

    problems: list[Problem]
    offers: Offers


@dataclass(frozen=True)
class PackageDraft:
    """The draft of a package, as all of its owners see it."""

    package: str
    revision: int
    #: the version that it is based on, by its id and number
    deployment_id: int
    version: int
    #: the version that is in force
    live: int
    base: Mapping[str, bytes]
    #: what it changes, by path; removed files are among it
    changes: Mapping[str, DraftFile]
    contents: Mapping[str, bytes]

    @property
    def overtaken(self) -> bool:
        """Whether another version was deployed since."""
        return bool(self.changes) and self.deployment_id != self.live

    @cached_property
    def files(self) -> list[DraftFile]:
        """All of them by path, removed ones too."""
        return [self.file(path) for path in sorted({*self.contents, *self.changes})]

    def file(self, path: str) -> DraftFile:
        """One of the files. Raises `NotFound`."""
        if path not in self.contents and path not in self.changes:
            raise NotFound(said("There is no such file."))
        return self.changes.get(path) or DraftFile(path, kind_of(path), "")


def of_package(engine: Source, actor: Actor, package_id: str) -> PackageDraft:
    """The draft of a package, for who may deploy it. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        live = packages.latest_deployment(reader.tx, package_id)
        if live is None:
            raise NotFound(said("There is no such package."))
        row, changed = package_drafts.of(reader.tx, package_id), package_drafts.files(reader.tx, package_id)
        base = packages.deployment(reader.tx, row.deployment_id) if row is not None and changed else live
        files = packages.files(reader.tx, base.id)
        names = _names(reader, {one.changed_by for one in changed.values()})
        contents = {**files, **{path: one.content for path, one in changed.items()}}
        return PackageDraft(
            package=package_id, revision=row.revision if row is not None else 0, deployment_id=base.id,
            version=base.version, live=live.id, base=files,
            contents={path: content for path, content in contents.items() if content is not None},
            changes={
                path: DraftFile(path, kind_of(path), _change(one.content, path in files), one.revision, one.changed_at,
                                names.get(one.changed_by, ""))
                for path, one in changed.items()
            },
        )  # fmt: skip


def others(engine: Source, actor: Actor, package_id: str) -> list[Other]:
    """Who else has the draft open now, by name. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        since = engine.clock() - PRESENT
        statement = (
            select(Account.name, PackageDraftVisit.path)
            .join(Account, Account.id == PackageDraftVisit.account_id)
            .where(PackageDraftVisit.package_id == package_id, PackageDraftVisit.seen_at >= since)
            .where(PackageDraftVisit.account_id != actor.id)
        )
        return [Other(row.name, row.path) for row in reader.tx.execute(statement.order_by(Account.name))]


def look_through(draft: PackageDraft) -> LookedThrough:
    """Everything that is wrong with the draft, and what it offers to whoever goes on drawing."""
    oversized = check_sizes(draft.contents)
    if oversized:
        return LookedThrough(oversized, offers(Reading(draft.base)))
    reading_of_it = Reading(draft.contents)
    return LookedThrough(reading_of_it.check(), offers(reading_of_it))


def differences(draft: PackageDraft) -> Differences:
    """What the draft changes of its version."""
    return compare(draft.base, draft.contents)


def scenarios(draft: PackageDraft) -> list[str]:
    """The paths of its scenarios."""
    return sorted(scenarios_in(draft.contents))


def overtaken_files(engine: Source, actor: Actor, draft: PackageDraft) -> list[str]:
    """The files that both the draft and the versions since have changed, by path."""
    with reading(engine, actor) as reader:
        live = packages.files(reader.tx, draft.live)
    return [
        path for path in sorted(draft.changes)
        if live.get(path) != draft.base.get(path) and live.get(path) != draft.contents.get(path)
    ]  # fmt: skip


def _change(content: bytes | None, was_there: bool) -> Change:
    if content is None:
        return "removed"
    return "changed" if was_there else "added"


def _names(reader: Reader, account_ids: set[int]) -> dict[int, str]:
    if not account_ids:
        return {}
    found = reader.tx.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in found}
