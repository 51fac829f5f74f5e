"""What the worker says while the database is away; what it does otherwise is tested on databases."""

import logging
import threading
import time
from typing import Any

from sqlalchemy.exc import OperationalError

from engine.worker import Worker


class Away:
    """An engine whose database doesn't answer."""

    def __init__(self) -> None:
        self.wake = threading.Event()
        self.looks = 0

    def clock(self) -> Any:
        self.looks += 1
        raise OperationalError("SELECT 1", {}, Exception("connection refused\nIs the server running?"))

    @property
    def database(self) -> Any:
        return self.clock()


def test_a_database_that_is_away_is_told_once_and_looked_for_again(caplog) -> None:
    engine, stop = Away(), threading.Event()
    worker = threading.Thread(target=Worker(engine).run, args=(stop,))  # type: ignore[arg-type]
    with caplog.at_level(logging.INFO):
        worker.start()
        end = time.monotonic() + 15
        while engine.looks <= 5 and time.monotonic() < end:
            stop.wait(0.05)
        stop.set()
        worker.join()
    assert engine.looks > 5
    (told,) = caplog.records
    assert told.levelname == "ERROR"
    assert "connection refused" in told.getMessage()
    assert told.exc_info is None
