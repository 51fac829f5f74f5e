"""Service level policies: change them. Clocks that run keep the version that they were started under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.commands.access import require
from engine.commands.engine import Engine
from engine.commands.stepping import working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.package_files.tables import KEY
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.domain.storable import check_values
from engine.spiff.checking.calendars import calendar_uses
from engine.storage import packages

LONGEST_REASON = 500
#: each is held against all others
MOST_ROWS = 500


def change(
    engine: Engine,
    actor: Actor,
    package_id: str,
    content: Mapping[str, Any],
    expected_version: int,
    reason: str = "",
) -> int:
    """A new version of a package's policy, calendars included, as `Policy.to_json` writes it; its number.

    It counts for clocks that are started from now on. `expected_version` is the one that was read.
    Raises `NotFound`, `Forbidden`, `Invalid` (with the place of each problem: `row 3.target`,
    `calendars.office.hours.mon`), `Conflict` where another version came between.
    """
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            said("The reason is too long."),
            {"reason": [said("At most {longest_reason} characters.", longest_reason=LONGEST_REASON)]},
        )
    wanted = Policy.from_json(check_values({**content, "version": 1}))
    if len(wanted.rows) > MOST_ROWS:
        raise Invalid(said("A policy has at most {most} rows.", most=MOST_ROWS))
    with working(engine, actor, "policies.change") as work:
        row = packages.current(work.tx, package_id)
        if row is None:
            raise NotFound(said("There is no such package."))
        deployed = engine.version(row.deployment_id, work.tx)
        require(actor, "edit_policy", deployed.package)
        row = packages.lock(work.tx, package_id, work.now)
        version = packages.next_policy_version(work.tx, package_id)
        if expected_version != version - 1:
            raise Conflict(
                said(
                    "The policy is in version {value} by now, not {expected_version}.",
                    value=version - 1,
                    expected_version=expected_version,
                )
            )
        policy = replace(wanted, version=version)
        uses = calendar_uses(deployed.package, deployed.definitions)
        _require_right(policy.problems(deployed.package, "policy"), _calendar_problems(policy, uses))
        stored = {
            "package_id": package_id, "version": version, "content": policy.to_json(), "source": "iter",
            "reason": reason, "created_at": work.now, "created_by": actor.id,
        }  # fmt: skip
        packages.add_policy(work.tx, stored)
        work.journal({"version": version, "reason": reason, "before": row.policy_id}, package_id=package_id)
    return version


def _calendar_problems(policy: Policy, uses: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Calendars that are called what none can be, and those that are missing though something counts in them."""
    misnamed = [key for key in policy.calendars if not KEY.fullmatch(key)]
    missing = [key for key in uses if key not in policy.calendars]
    return {
        **{f"calendars.{key}": [said("A calendar can't be called `{name}`.", name=key[:80])] for key in misnamed},
        **{f"calendars.{key}": [said("The calendar {name} must stay.", name=key), *uses[key]] for key in missing},
    }


def _require_right(problems: Iterable[tuple[str, Problem]], fields: dict[str, list[str]]) -> None:
    for place, problem in problems:
        if problem.severity == "error":
            told = said("{problem} {remedy}", problem=problem.problem, remedy=problem.remedy)
            fields.setdefault(place, []).append(told)
    if fields:
        raise Invalid(said("The policy can't be used like this."), fields)
