"""Where "now" comes from: the machine's clock, or the file that tests move. Everything else is handed an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from web.settings import SettingError, Settings

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """This machine's time, aware, UTC."""
    return datetime.now(UTC)


def file_clock(path: Path) -> Clock:
    """A clock that reads the file at every look: one ISO 8601 instant with its offset. Raises `SettingError`."""

    def now() -> datetime:
        try:
            instant = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            raise SettingError(f"ITER_TEST_CLOCK: {path} holds no ISO instant ({error})") from None
        if instant.tzinfo is None:
            raise SettingError(f"ITER_TEST_CLOCK: the instant in {path} has no offset")
        return instant.astimezone(UTC)

    return now


def clock_of(settings: Settings) -> Clock:
    """The clock that the settings ask for; a test clock's file is tried at once."""
    if settings.test_clock is None:
        return system_clock
    clock = file_clock(settings.test_clock)
    clock()
    return clock
