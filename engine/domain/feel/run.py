"""What an evaluation may use up, and the instant that it sees. Nothing here reads a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.domain.errors import Invalid
from engine.domain.said import said

#: nodes looked at and values compared, in one condition
MAX_STEPS = 20_000
#: characters of a text that is put together
MAX_TEXT = 100_000


@dataclass(slots=True)
class Run:
    """Steps that may still be taken. `now` is handed in, for `now()` and `today()`."""

    now: datetime | None = None
    steps: int = MAX_STEPS
    #: with how many it began
    most: int = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        """Takes steps; raises Invalid where none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise Invalid(
                said("The condition takes more than {max_steps:,} steps. Compare shorter lists.", max_steps=self.most)
            )

    def made(self, characters: int) -> None:
        """A text of this length is about to be made; raises Invalid where it is too long."""
        if characters > MAX_TEXT:
            raise Invalid(
                said(
                    "A text of {count:,} characters would be made; at most {most:,} are allowed.",
                    count=characters,
                    most=MAX_TEXT,
                )
            )
        self.spend(1 + characters // 1_000)
