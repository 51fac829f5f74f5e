"""The product as its users start it: `iter serve` (web and worker) and its parts as real processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
ITER = Path(sys.executable).with_name("iter")


def hear_ctrl_c() -> None:
    """A shell has what it starts in the background ignore Ctrl-C, and so these tests and what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def clean_environment(**settings: str | int | Path) -> dict[str, str]:
    """The environment without any ITER_ variable but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ITER_")}
    return kept | {f"ITER_{name.upper()}": str(value) for name, value in settings.items()}


def run_iter(*arguments: str, cwd: Path = ROOT, seconds: float = 60, **settings: str | int | Path) -> Any:
    """Runs `iter ARGUMENTS…` to its end; gives the completed process, output as text."""
    return subprocess.run(
        [ITER, *arguments], cwd=cwd, env=clean_environment(**settings), capture_output=True, text=True,
        timeout=seconds, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


class Served:
    """An `iter` command that keeps running (`serve` by default), in its own process group, output to a file.

    `program` runs another of .venv's commands in its place; `{port}` in an argument becomes the port.
    """

    def __init__(self, folder: Path, *arguments: str, program: str = "iter", **settings: str | int | Path) -> None:
        self._arguments = arguments or ("serve",)
        self._settings = {"host": "127.0.0.1", "port": free_port(), **settings}
        self._process: subprocess.Popen[bytes] | None = None
        #: where it is killed at its next start: a point and the how-manieth time (see `killing`); None: nowhere
        self.dies_at: tuple[str, int] | None = None
        self._command = ITER.with_name(program)
        self.log = folder / f"{program}-{self._arguments[0].strip('-')}.log"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._settings['port']}"

    @property
    def output(self) -> str:
        """Everything it has printed, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def start(self, seconds: float = 60, wait: bool = True, **settings: str | int | Path) -> float:
        """Starts it, with more settings for this start alone; gives the seconds until /readyz said yes."""
        begin = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command_line(), cwd=ROOT, env=clean_environment(**{**self._settings, **settings}),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=hear_ctrl_c,
            )  # fmt: skip
        while wait and not self.is_ready():
            if self._process.poll() is not None:
                raise RuntimeError(f"iter ended with {self._process.returncode}: {self.output}")
            if time.monotonic() - begin > seconds:
                raise TimeoutError(f"iter wasn't ready within {seconds} s: {self.output}")
            time.sleep(0.05)
        return time.monotonic() - begin

    def _command_line(self) -> list[str]:
        arguments = [argument.replace("{port}", str(self._settings["port"])) for argument in self._arguments]
        if self.dies_at is None:
            return [str(self._command), *arguments]
        point, number = self.dies_at
        return [sys.executable, "-m", "tests.support.killing", point, str(number), *arguments]

    def is_ready(self) -> bool:
        """Whether /readyz says yes."""
        try:
            return self.request("GET", "/readyz", seconds=3).status == 200
        except OSError:
            return False

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        seconds: float = 30,
    ) -> Answer:
        """One HTTP request with a JSON body; an error status is an answer like any other."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers or {}))
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                return _answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error)

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process is None or self._process.poll() is not None

    def wait_for_exit(self, seconds: float = 30) -> int:
        """Waits until it has ended by itself; gives its exit status (negative: the signal that killed it)."""
        assert self._process is not None
        status = self._process.wait(seconds)
        self._end_group()
        return status

    def interrupt(self, seconds: float = 15) -> int:
        """Ctrl-C: SIGINT to the whole process group, as a terminal sends it; gives the exit status."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGINT)
        return self.wait_for_exit(seconds)

    def terminate(self, seconds: float = 30) -> int:
        """SIGTERM to its main process, as a service manager sends it; gives the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self.wait_for_exit(seconds)

    def kill(self) -> None:
        """SIGKILL to it and all that it started."""
        if self._process is not None:
            self._end_group()
            self._process.wait(10)

    def _end_group(self) -> None:
        """Nothing that it started may outlive it."""
        assert self._process is not None
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def printed(self, pattern: str) -> str:
        """The first group of the pattern in its output. Raises `LookupError`."""
        found = re.search(pattern, self.output)
        if found is None:
            raise LookupError(f"{pattern!r} isn't in: {self.output}")
        return found[1]


def _answer(response: HTTPResponse | urllib.error.HTTPError) -> Answer:
    return Answer(response.status or 0, dict(response.headers), response.read())
