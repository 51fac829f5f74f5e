"""A clock that moves only when a test moves it: in this process by call, in others through its file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

#: Friday, half an hour into the working day in Rome
START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


class VirtualClock:
    """Calling it gives the instant (aware, UTC); `path` is what ITER_TEST_CLOCK is set to."""

    def __init__(self, path: Path, now: datetime = START) -> None:
        self.path = path
        self._now = now
        self.set(now)

    def __call__(self) -> datetime:
        return self._now

    def set(self, instant: datetime | str) -> datetime:
        """Moves to an aware instant, or to the ISO 8601 text of one."""
        moved = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        if moved.tzinfo is None:
            raise ValueError(f"Expected an aware instant, but got {instant!r}")
        self._now = moved.astimezone(UTC)
        self._write()
        return self._now

    def advance(self, **duration: float) -> datetime:
        """Moves on by elapsed time: `advance(minutes=5)`."""
        return self.set(self._now + timedelta(**duration))

    def _write(self) -> None:
        """In one go: whoever reads the file sees the old instant or the new one, never half of it."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(self._now.isoformat())
        fresh.replace(self.path)
