"""How a command is carried out: one transaction, and the one place where an instance is loaded, advanced and written.

A command reads:

    with working(engine, actor, "user_tasks.complete") as work:
        loaded = require(instances.load(work.tx, …))
        take_step(work, loaded, UserTaskCompleted(…))

Where the step fails, all of that is rolled back, an incident keeps the event, and `StepKept` (a `Conflict`) is raised.
"""

from engine.commands.stepping.cases import load_case, snapshot
from engine.commands.stepping.failures import Fault, Overtaken, StepKept
from engine.commands.stepping.starting import ask_conditions, start_instance, try_step
from engine.commands.stepping.steps import StepResult, load_instance, take_step
from engine.commands.stepping.tickets import write_ticket
from engine.commands.stepping.work import Work
from engine.commands.stepping.working import working

__all__ = [
    "Fault", "Overtaken", "StepKept", "StepResult", "Work", "ask_conditions", "load_case", "load_instance", "snapshot",
    "start_instance", "take_step", "try_step", "working", "write_ticket",
]  # fmt: skip
