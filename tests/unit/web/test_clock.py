"""The test clock is read at every look."""

from datetime import UTC, datetime

import pytest

from web.clock import clock_of, file_clock, system_clock
from web.settings import SettingError, Settings


def test_the_file_is_read_at_every_look(tmp_path):
    path = tmp_path / "clock"
    path.write_text("2026-03-27T16:00+01:00\n")
    clock = file_clock(path)
    assert clock() == datetime(2026, 3, 27, 15, tzinfo=UTC)
    path.write_text("2026-03-30T10:00:00+02:00")
    assert clock() == datetime(2026, 3, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-27T16:00", "2026-13-01T00:00Z"])
def test_a_file_without_an_aware_instant_is_refused_at_start(tmp_path, text):
    path = tmp_path / "clock"
    path.write_text(text)
    with pytest.raises(SettingError, match="ITER_TEST_CLOCK"):
        clock_of(Settings(test_clock=path, profile="test"))


def test_without_a_file_it_is_the_machines_time():
    assert clock_of(Settings()) is system_clock
    assert system_clock().utcoffset() is not None
