"""Process instances: end one from outside. They are started by opening tickets, by actions and by notes."""

from __future__ import annotations

from engine.commands.access import require_visible
from engine.commands.engine import Engine
from engine.commands.stepping import load_instance, take_step, working
from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, NotFound
from engine.domain.events import Cancelled
from engine.domain.storable import LINE, can_be_key, check_texts


def cancel(engine: Engine, instance_id: str, actor: Actor, reason: str) -> None:
    """Cancel an instance with all of its tokens; the ticket stays as it is. For who operates the package.

    Raises `Invalid`, `NotFound`, `Forbidden`, `Conflict` where it has ended.
    """
    check_texts({"reason": (reason, LINE, True)})
    with working(engine, actor, "instances.cancel") as work:
        if not can_be_key(instance_id):
            raise no_instance()
        loaded = load_instance(work, instance_id)
        package = engine.version(loaded.instance["deployment_id"], work.tx).package
        if not actor.may("operate", package):
            try:
                require_visible(work, package, loaded.ticket)
            except NotFound:
                raise no_instance() from None
            raise Forbidden("Your roles don't allow you to cancel processes.")
        work.journal({"reason": reason}, **work.where(loaded))
        take_step(work, loaded, Cancelled(reason))


def no_instance() -> NotFound:
    """The same whether it doesn't exist or isn't visible."""
    return NotFound("There is no such instance.")
