"""A package's files as they would be deployed again, with the policy that counts now (`iter export`, `iter diff`)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from engine.domain.errors import Conflict, NotFound
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.queries.reading import Source
from engine.spiff.decisions.writing import policy_file, with_calendars
from engine.spiff.versions import POLICY_FILE, read_version
from engine.storage import packages


def latest_files(engine: Source, package_id: str) -> dict[str, bytes]:
    """All files of the latest version by path; a policy that was changed in Iter is written over the version's own.

    Raises `NotFound`.
    """
    with engine.database.read() as tx:
        latest = packages.latest_deployment(tx, package_id)
        if latest is None:
            raise NotFound(said("There is no package {package_id}.", package_id=package_id))
        files = packages.files(tx, latest.id)
        own = engine.version(latest.id, tx).policy
        policy = _current_policy(engine, tx, package_id)
    return files if policy is None or _same(policy, own) else _with_policy(files, policy, own)


def _current_policy(engine: Source, tx: Connection, package_id: str) -> Policy | None:
    row = packages.current(tx, package_id)
    return engine.policy(row.policy_id, tx) if row is not None and row.policy_id is not None else None


def _with_policy(files: dict[str, bytes], policy: Policy, own: Policy) -> dict[str, bytes]:
    written = {**files, POLICY_FILE: policy_file(policy, "SLA")}
    if policy.calendars != own.calendars:
        written["package.toml"] = with_calendars(files["package.toml"], policy.calendars)
    if not _same(read_version(written, trusted=True).policy, policy):
        raise Conflict(
            said("The policy that counts now can't be written as files; change it back, or edit the folder.")
        )
    return written


def _same(one: Policy, other: Policy) -> bool:
    """Whether they say the same, whatever their versions and the ids of their rules."""
    return _plain(one) == _plain(other)


def _plain(policy: Policy) -> Policy:
    return replace(policy, version=0, rows=tuple(replace(row, id="") for row in policy.rows))
