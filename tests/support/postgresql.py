"""A PostgreSQL cluster of the tests' own: in a temporary folder, reached by a socket there, gone with the tests."""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

#: nothing here outlives the tests, so nothing needs to reach the disk
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
#: for measuring: as a server that keeps what it was given
LASTING = {"max_connections": "200"}


class Cluster:
    """A running cluster with trust authentication, in a folder that nobody else can enter."""

    def __init__(self, folder: Path, user: str) -> None:
        self.folder = folder
        self._user = user
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{self._user}@/{database}?host={self.folder}"

    def name(self, url: str) -> str:
        """The database that `url` gave the address of."""
        return url.partition("@/")[2].partition("?")[0]

    def create(self, template: str = "template0", name: str = "") -> str:
        """Makes a database, as a copy of `template`; gives its name."""
        name = name or f"test_{next(self._numbers)}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\' STRATEGY FILE_COPY')
        return name

    def drop(self, database: str) -> None:
        """Removes a database and whoever is still connected to it."""
        self._administer(f'DROP DATABASE "{database}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user=self._user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_cluster(settings: Mapping[str, str] = THROWAWAY) -> Iterator[Cluster]:
    """A cluster from `initdb` to its end. Root hands it to the `postgres` user, for PostgreSQL refuses root."""
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    demoted = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="iter-postgresql-"))
    try:
        if demoted:
            shutil.chown(folder, user, user)
        data = folder / "data"
        subprocess.run(
            [_program("initdb"), "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd="/", **demoted,
        )  # fmt: skip
        options = [f"-c{name}={value}" for name, value in settings.items()]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [_program("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", preexec_fn=_die_with_parent, **demoted,
            )  # fmt: skip
        try:
            _wait_until(lambda: _answers(folder, user, server), what=folder / "log")
            yield Cluster(folder, user)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    """Where Debian puts PostgreSQL's programs (newest version first), else wherever the PATH says."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise RuntimeError(f"PostgreSQL's {name} is missing. `make test` installs it on Debian.")
    return program


def _die_with_parent() -> None:
    """Asks Linux to end the server when the tests are killed, so that it is never left behind."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _answers(folder: Path, user: str, server: subprocess.Popen[bytes]) -> bool:
    if server.poll() is not None:
        raise RuntimeError(f"PostgreSQL ended: {(folder / 'log').read_text()}")
    try:
        psycopg.connect(host=str(folder), user=user, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_until(condition: Callable[[], bool], what: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"PostgreSQL didn't answer within {seconds} s: {what.read_text()}")
        time.sleep(0.05)
