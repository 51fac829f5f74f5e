"""Deployments: check and keep a version of a package. What makes a package right is said in `engine.spiff.versions`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Row

from engine.commands.access import require
from engine.commands.announcements import deployed
from engine.commands.engine import Engine
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, Invalid
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.domain.storable import LINE, check_texts, text_problem
from engine.spiff.versions import PackageVersion, read_version
from engine.storage import packages
from engine.storage.tables.base import canonical

MAX_FILES = 500
#: bytes of one file, and of all together
MAX_FILE, MAX_PACKAGE = 2_000_000, 8_388_608
MAX_PATH = 200
PolicyOutcome = Literal["first", "taken", "same", "kept"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version of a package, as it stands after deploying."""

    id: int
    package: str
    version: int
    hash: str
    #: False where the latest version has these very files already
    created: bool
    #: what became of its policy: the package's first, taken over, the same as before, or Iter's was kept
    policy: PolicyOutcome = "same"


def deploy(engine: Engine, files: Mapping[str, bytes], actor: Actor, source: str, reason: str = "") -> Deployment:
    """Deploy all files of a package (by path) as its next version: all or nothing.

    `source`: folder, api or browser. Raises `Refused` with every problem, `Invalid`, `Forbidden`; nothing is stored.
    """
    check_texts({"source": (source, LINE, True), "reason": (reason, LINE, False)})
    check_files(files)
    version = read_version(files)
    with working(engine, actor, "deployments.deploy") as work:
        package = packages.lock(work.tx, version.package.id, work.now)
        latest = packages.latest_deployment(work.tx, version.package.id)
        _require_deployer(work, latest)
        if latest is not None and latest.hash == version.hash:
            return Deployment(latest.id, latest.package_id, latest.version, latest.hash, created=False)
        return write_version(work, package, version, source, reason)


def check_files(files: Mapping[str, bytes]) -> None:
    """Raises `Invalid` where there are too many files, too large ones, or paths that can't be kept."""
    errors: dict[str, list[str]] = {}
    short = [path for path in files if len(path) <= MAX_PATH]
    folders = {path[:at] for path in short for at, character in enumerate(path) if character == "/"}
    for path, content in files.items():
        shown = path.encode("ascii", "backslashreplace").decode()[:MAX_PATH]
        if text_problem(path, MAX_PATH) or {"", ".", ".."} & {*path.split("/")} or "\\" in path or path in folders:
            errors[shown] = [said("Expected a relative path of at most 200 characters.")]
        elif len(content) > MAX_FILE:
            errors[shown] = [
                said("Expected at most {max_file} bytes, but got {count}.", max_file=MAX_FILE, count=len(content))
            ]
    total = sum(map(len, files.values()))
    if len(files) > MAX_FILES or total > MAX_PACKAGE:
        raise Invalid(
            said(
                "Expected at most {max_files} files and {max_package} bytes, but got {count} and {total}.",
                max_files=MAX_FILES,
                max_package=MAX_PACKAGE,
                count=len(files),
                total=total,
            )
        )
    if errors:
        raise Invalid(said("The package can't be read."), errors)


def _require_deployer(work: Work, latest: Row[Any] | None) -> None:
    """A new package wants an administrator; the next version who may by the one that is in force, not by itself."""
    if latest is not None:
        require(work.actor, "deploy", work.engine.version(latest.id, work.tx).package)
    elif not work.actor.administrator:
        raise Forbidden(said("Only administrators deploy new packages."))


def write_version(
    work: Work,
    package: Row[Any],
    version: PackageVersion,
    source: str,
    reason: str,
    more: Mapping[str, Any] | None = None,
) -> Deployment:
    """Write a version that was read, and may be deployed, as the next one. The package must be locked.

    `more`: what the journal says beside.
    """
    values = {
        "package_id": version.package.id, "hash": version.hash, "source": source, "reason": reason,
        "deployed_at": work.now, "deployed_by": work.actor.id,
    }  # fmt: skip
    contents = {path: (hashlib.sha256(content).hexdigest(), content) for path, content in version.files.items()}
    row = packages.add_deployment(work.tx, values, contents)
    outcome = _take_policy(work, package, version)
    work.engine.database.after_commit(lambda: work.engine.remember(row.id, version))
    told = {"version": row.version, "hash": row.hash, "source": source, "reason": reason, "policy": outcome}
    work.journal({"deployment": row.id, **told, **(more or {})}, package_id=row.package_id)
    work.announce(deployed, package=row.package_id, deployment_id=row.id, version=row.version)
    return Deployment(row.id, row.package_id, row.version, row.hash, created=True, policy=outcome)


def _take_policy(work: Work, package: Row[Any], version: PackageVersion) -> PolicyOutcome:
    """A changed policy is taken over only if nobody has changed the policy in Iter since."""
    hashed = policy_hash(version.policy)
    current = packages.policy(work.tx, package.policy_id) if package.policy_id else None
    if current is not None and hashed == packages.deployed_policy_hash(work.tx, package.id):
        return "same"
    if current is not None and current.source != "deployment":
        return "kept"
    number = packages.next_policy_version(work.tx, package.id)
    packages.add_policy(work.tx, {
        "package_id": package.id, "version": number, "content": replace(version.policy, version=number).to_json(),
        "source": "deployment", "hash": hashed, "created_at": work.now, "created_by": work.actor.id,
    })  # fmt: skip
    return "first" if current is None else "taken"


def policy_hash(policy: Policy) -> str:
    """SHA-256 of what a policy says, whatever its number."""
    return hashlib.sha256(canonical(replace(policy, version=0).to_json()).encode()).hexdigest()
