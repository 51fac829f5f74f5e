"""Messages and signals: published from outside to the processes that wait for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import messages
from web.http.operations import Call, Input, Output, Routes, example

routes = Routes("messages")


class NewMessage(Input):
    """A message goes to one subscription with its name and correlation key, the oldest first."""

    model_config = example({"package": "workshop", "name": "paid", "key": "17", "data": {"amount": 120}})

    package: Annotated[str | None, Field(max_length=100, description="empty: any, for administrators alone")] = None
    name: Annotated[str, Field(min_length=1, max_length=200)]
    key: Annotated[
        str | None,
        Field(max_length=200, description="correlation key: the ticket's id, where no diagram makes it of the data"),
    ] = None
    data: dict[str, Any] = Field(default_factory=dict)
    seconds_to_live: Annotated[int, Field(ge=1, le=31_536_000, description="kept so long where nobody waits")] = 86_400


class Published(Output):
    """`delivered` to one that waited, or `buffered` for one that will."""

    outcome: Literal["delivered", "buffered"]


@routes.add("POST", "/messages", scope="write", body=NewMessage, gives=Published)
def publish(call: Call, body: NewMessage) -> Any:
    """Publish a message."""
    time_to_live = timedelta(seconds=body.seconds_to_live)
    outcome = messages.publish(
        call.engine, body.package, body.name, body.key, body.data, call.actor, time_to_live
    )  # fmt: skip
    return {"outcome": outcome}


class NewSignal(Input):
    """A signal goes to all who wait for it now, by its name alone."""

    model_config = example({"package": "workshop", "name": "holidays", "data": {"until": "2027-01-07"}})

    package: Annotated[str | None, Field(max_length=100, description="empty: any, for administrators alone")] = None
    name: Annotated[str, Field(min_length=1, max_length=200)]
    data: dict[str, Any] = Field(default_factory=dict)


class Reached(Output):
    """How many wait for it; each gets it by a step of its own."""

    reached: int


@routes.add("POST", "/signals", scope="write", body=NewSignal, gives=Reached)
def broadcast(call: Call, body: NewSignal) -> Any:
    """Send a signal to all who wait for it."""
    return {"reached": messages.broadcast(call.engine, body.package, body.name, body.data, call.actor)}
