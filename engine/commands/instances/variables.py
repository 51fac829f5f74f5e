"""Give the variables of a running instance other values, from outside. Old and new ones stand in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.engine import Engine
from engine.commands.instances.finding import operated_instance
from engine.commands.stepping import Work, take_step, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, CorruptState, Invalid, StepFailed
from engine.domain.events import VariablesSet
from engine.domain.said import Said, said
from engine.domain.storable import LINE, check_texts, check_values, text_problem
from engine.spiff.inspecting import RESERVED, inspect
from engine.storage.instances import Loaded

Values = Mapping[str, Any]


def set_variables(
    engine: Engine,
    instance_id: str,
    actor: Actor,
    variables: Values,
    reason: str,
    *,
    token: int,
    revision: int | None = None,
) -> None:
    """Write variables where the token sees them: where a name is known already, else in its process. Nothing moves.

    `revision`: of the instance as it was seen; another one now is a `Conflict`. For who operates the package.
    Raises `Invalid`, `NotFound`, `Forbidden`, `Conflict` where it has ended or the token is gone.
    """
    check_texts({"reason": (reason, LINE, True)})
    given = checked_variables(variables)
    if not given:
        raise Invalid(said("Name at least one variable."), {"variables": [said("Name at least one variable.")]})
    with working(engine, actor, "instances.set_variables") as work:
        loaded = operated_instance(work, instance_id)
        if revision not in (None, loaded.instance["revision"]):
            raise Conflict(said("The process has gone on meanwhile. Look at its variables again."))
        told = {"reason": reason, "token": token, "variables": given}
        before = values_before(work, loaded, token, given)
        work.journal({**told, "variables_before": before}, **work.where(loaded))
        try:
            take_step(work, loaded, VariablesSet(token, given))
        except StepFailed as failure:
            raise Conflict(str(failure)) from failure


def checked_variables(variables: Any) -> dict[str, Any]:
    """Variables that somebody gave, with names that variables can have. Raises `Invalid` with all that is wrong."""
    given = check_values(variables)
    problems = {name: _name_problem(name) for name in given}
    wrong = {name: [problem] for name, problem in problems.items() if problem}
    if wrong:
        raise Invalid(said("Can't be accepted: {names}.", names=sorted(wrong)), wrong)
    return given


def _name_problem(name: str) -> str | Said | None:
    if name in RESERVED:
        return said("“{name}” is Iter's own name and can't be a variable.", name=name)
    return text_problem(name, LINE)


def values_before(work: Work, loaded: Loaded, token: int, names: Values) -> dict[str, Any]:
    """What the token sees under the names now; None for a name that it doesn't know.

    Raises `Conflict` where the instance can't be read.
    """
    definitions = work.engine.version(loaded.instance["deployment_id"], work.tx).definitions
    try:
        inspected = inspect(definitions, loaded.instance["state"])
    except CorruptState as error:
        raise Conflict(str(error)) from error
    seen = inspected.seen_by(token) if inspected else {}
    return {name: seen.get(name) for name in names}
