"""Service level policies: read and change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from engine.commands.packages import policies
from engine.queries.packages import policies as reads
from web.http.operations import Call, Input, Output, Routes, example

routes = Routes("policies")


class PolicyChange(Input):
    """A policy in place of the one that counts; `expected_version` guards against overwriting somebody's change."""

    model_config = example(
        {
            "policy": {
                "hit_policy": "F",
                "calendars": {"shop": {"time_zone": "Europe/London", "hours": {"tue": ["09:00-18:00"]}}},
                "rows": [{"goal": "repair", "when": {}, "target": "PT8H", "calendar": "shop", "from": "start"}],
            },
            "expected_version": 1,
            "reason": "A day more in spring",
        }
    )

    policy: dict[str, Any]
    expected_version: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Field(max_length=500)] = ""


class Policy(Output):
    """A version of a policy: rows and calendars, as docs/reference/sla.md describes them."""

    package: str
    version: int
    source: str
    reason: str
    created_at: datetime
    created_by: int
    policy: dict[str, Any]


class Policies(Output):
    """All versions of a package's policy, newest first."""

    items: list[Policy]


@routes.add("GET", "/packages/<key:package>/policy", scope="read", gives=Policy)
def read(call: Call, package: str) -> Any:
    """Read the policy under which clocks are started now."""
    return reads.current(call.engine, call.actor, package)


@routes.add("GET", "/packages/<key:package>/policy/versions", scope="read", gives=Policies)
def versions(call: Call, package: str) -> Any:
    """List the versions of a package's policy, newest first."""
    return {"items": reads.versions(call.engine, call.actor, package)}


@routes.add("PUT", "/packages/<key:package>/policy", scope="admin", body=PolicyChange, gives=Policy)
def change(call: Call, package: str, body: PolicyChange) -> Any:
    """Change a package's policy: it counts for clocks that start from now on."""
    policies.change(call.engine, call.actor, package, body.policy, body.expected_version, body.reason)
    return reads.current(call.engine, call.actor, package)
