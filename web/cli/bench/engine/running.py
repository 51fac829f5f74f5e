"""Iter's own processes, as they are started in production, on a database to measure on; they end with the measure."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

#: seconds that a process has to begin, and to end
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """A process; with children, where it has some."""

    process: subprocess.Popen[bytes]
    port: int

    def peak_mb(self) -> float:
        """The most resident memory so far of it or any child of it, in MB (VmHWM of proc(5))."""
        own = self.process.pid
        return max(_peak_mb(pid) for pid in (own, *_children(own)))


@contextmanager
def web(url: str, workers: int) -> Iterator[Running]:
    """`gunicorn` as `docs/how-to/production.md` says it, answering on this machine alone."""
    port = _free_port()
    command = ["gunicorn", "--workers", str(workers), "--threads", "8", "--no-control-socket"]
    with _running([*command, "--bind", f"127.0.0.1:{port}", "web.app:create_app()"], url, port) as running:
        _await_answer(running)
        yield running


@contextmanager
def worker(url: str) -> Iterator[Running]:
    """`iter worker`."""
    with _running(["iter", "worker"], url, 0) as running:
        yield running


@contextmanager
def _running(command: list[str], url: str, port: int) -> Iterator[Running]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ITER_")}
    program = str(Path(sys.executable).with_name(command[0]))
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [program, *command[1:]],
        env={**kept, "ITER_DATABASE_URL": url, "ITER_LOG_LEVEL": "error"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Running(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(running: Running) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.process.poll() is None:
        with suppress(URLError, OSError), urllib.request.urlopen(f"http://127.0.0.1:{running.port}/healthz", timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("The web server that was to be measured doesn't answer.")


def _free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _peak_mb(pid: int) -> float:
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1_024 if found else 0.0
    return 0.0
