"""Starting and stopping: `iter serve` the first and the second time, and web and worker apart, as in production."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.clock import VirtualClock
from tests.support.processes import ROOT, Served, run_iter
from tests.support.smtp import SmtpServer
from tests.support.workshop import write_workshop

TOKEN = r"API token: (\S+)"
PRODUCTION = ROOT / "docs" / "how-to" / "production.md"
#: seconds in which a second start answers
SECOND_START = 3.0


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Served]:
    """`iter serve` on an embedded database that doesn't exist yet, with the project's own packages."""
    served = Served(tmp_path, database_url=f"sqlite:///{tmp_path}/var/iter.sqlite3", workflows=ROOT / "workflows")
    yield served
    served.kill()


def test_first_and_second_start(first: Served) -> None:
    first.start()
    assert first.url in first.output
    token = first.printed(TOKEN)
    packages = first.request("GET", "/api/v1/packages", token=token).json["items"]
    folders = {path.parent.name for path in (ROOT / "workflows").glob("*/package.toml")}
    assert {package["id"] for package in packages} == folders
    assert "assword" in first.output
    assert first.interrupt() == 0
    assert "Traceback" not in first.output

    told = len(first.output)
    first.start()
    assert token not in first.output[told:]
    assert "assword" not in first.output[told:]
    assert first.request("GET", "/api/v1/packages", token=token).status == 200
    assert first.interrupt() == 0
    assert "Traceback" not in first.output


def test_what_is_told_is_for_people(first: Served) -> None:
    """The terminal belongs to whoever started it: libraries' own chatter (migrations, steps) stays out of it."""
    first.start()
    opened = {"package": "mrdoc", "subject": "Un problema", "text": "Non parte"}
    assert first.request("POST", "/api/v1/tickets", opened, first.printed(TOKEN)).status == 201
    assert " INFO " not in first.output


def test_a_later_start_is_up_in_three_seconds(first: Served) -> None:
    """The best of four, for other tests run beside it."""
    times = []
    for _ in range(5):
        times.append(first.start())
        first.interrupt()
    assert min(times[1:]) < SECOND_START


def test_health_asks_for_no_token(first: Served) -> None:
    first.start()
    assert first.request("GET", "/healthz").status == 200
    assert first.request("GET", "/readyz").status == 200
    assert first.request("GET", "/api/v1/tickets").status == 401


def test_a_port_that_is_taken_is_told_in_one_line(first: Served, tmp_path: Path) -> None:
    first.start()
    port = first.url.rpartition(":")[2]
    result = run_iter("serve", database_url=f"sqlite:///{tmp_path}/other.sqlite3", port=port, workflows=tmp_path)
    assert result.returncode == 64
    assert port in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "settings",
    [{}, {"profile": "production"}, {"profile": "test", "host": "0.0.0.0"}],
    ids=["no-profile", "production", "not-loopback"],
)
def test_a_test_clock_is_refused_elsewhere(settings: dict[str, str], clock: VirtualClock, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/iter.sqlite3"
    for verb in ("serve", "worker"):
        result = run_iter(verb, database_url=url, test_clock=clock.path, **settings)
        assert result.returncode == 64
        assert "ITER_TEST_CLOCK" in result.stderr


def test_web_and_worker_apart(
    database_url: str, serve: Callable[..., Served], clock: VirtualClock, smtp: SmtpServer, tmp_path: Path
) -> None:
    """The production start of docs/how-to/production.md: gunicorn, and a worker beside it."""
    write_workshop(tmp_path / "workflows")
    clock.set("2026-03-27T16:00+00:00")
    once = serve(workflows=tmp_path / "workflows")
    once.start()
    token = once.printed(TOKEN)
    once.interrupt()

    command = re.search(r"^\.venv/bin/gunicorn (.*)$", PRODUCTION.read_text(), re.MULTILINE)
    assert command
    web = serve(*shlex.split(command[1].replace("8000", "{port}")), program="gunicorn")
    worker = serve("worker")
    web.start()
    worker.start(wait=False)
    opened = web.request("POST", "/api/v1/tickets", {"package": "workshop", "subject": "Squeaks"}, token)
    assert opened.status == 201, opened.body
    clock.set("2026-03-28T11:00+00:00")
    (mail,) = smtp.wait_for(1, seconds=20)
    assert "still waiting: Squeaks" in mail.subject
    assert worker.terminate() == 0
    assert web.terminate() == 0


def test_the_service_files_run_what_the_page_says() -> None:
    for name in ("web", "worker"):
        unit = (ROOT / "deploy" / f"iter-{name}.service").read_text()
        command = re.search(r"^ExecStart=/opt/iter/(.*)$", unit, re.MULTILINE)
        assert command
        assert command[1] in PRODUCTION.read_text().replace("'", "")
