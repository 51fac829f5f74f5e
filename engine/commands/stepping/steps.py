"""The one place where a step is taken: load, advance, settle, write. Which step it is, the commands find out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.commands.stepping import cases
from engine.commands.stepping.work import Work
from engine.commands.stepping.writing import Writing
from engine.domain.casework import facts_of, settle
from engine.domain.effects import Effect
from engine.domain.errors import Conflict, CorruptState, NotFound
from engine.domain.events import Event, VariablesSet
from engine.domain.said import said
from engine.spiff.advancing import Step, advance
from engine.storage import instances
from engine.storage.instances import Loaded


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step did."""

    instance_id: str
    ticket_id: int
    ended: bool
    effects: tuple[Effect, ...]


def load_instance(work: Work, instance_id: str) -> Loaded:
    """An instance by its id, locked with its ticket. Raises `NotFound`."""
    loaded = instances.load(work.tx, {"id": instance_id})
    if loaded is None:
        raise NotFound(said("There is no such instance."))
    return loaded


def take_step(work: Work, loaded: Loaded, event: Event, first: VariablesSet | None = None) -> StepResult:
    """Apply an event to a loaded instance, and write all that comes of it; `first` variables get values, if given.

    Raises `Conflict` where the instance has ended, no token waits for such an event, or somebody else was quicker;
    `StepFailed` and `CorruptState`, which `working` turns into an incident.
    """
    instance, engine = loaded.instance, work.engine
    if instance["ended_at"] is not None:
        raise Conflict(said("The process has ended."))
    if loaded.policy_id is None:
        raise CorruptState(said("The package {package_id} has no policy.", package_id=instance["package_id"]))
    work.attempt = (loaded, event)
    version = engine.version(instance["deployment_id"], work.tx)
    case = cases.load_case(engine, work.tx, loaded.ticket, instance["deployment_id"], loaded.policy_id, loaded.clocks)
    given = (facts_of(case), work.now, engine.sandbox)
    before = Step(instance["state"], (), ended=False)
    if first is not None:
        before = advance(version.definitions, before.state, first, *given)
    step = advance(version.definitions, before.state, event, *given)
    step = replace(step, effects=(*before.effects, *step.effects))
    if not all(effect.id.startswith(f"{instance['id']}:") for effect in step.effects[:1]):
        raise CorruptState(said("The stored state is another instance's."))
    settlement = settle(case, step.effects, work.now)
    Writing(work, loaded, event, case, step, settlement).write()
    if not work.gathers:
        work.batch.flush()
    work.attempt = None
    return StepResult(instance["id"], instance["ticket_id"], step.ended, step.effects)
