"""`iter bench` measures the engine, each figure under its name; what doesn't depend on the machine is asserted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.processes import ROOT, run_iter
from web.cli.bench.engine.figures import LIMITS, beyond, flat, measure


def silent(_text: str) -> None:
    """Tells nobody."""


def test_a_step_takes_ten_statements_at_most_and_one_commit() -> None:
    found = measure(("step",), "", 0.01, silent)
    assert found["statements_per_step"] <= 10
    assert found["commits_per_step"] == 1
    assert set(found["step_vs_bare"]) == {"sqlite"}


def test_timers_fire_and_reading_goes_on_meanwhile() -> None:
    found = measure(("timers",), "", 0.004, silent)
    assert found["timers_per_second"] > 0
    assert found["timers_read_p95_ms"] > 0
    assert found["peak_mb"]["worker"] > 10


def test_the_command_prints_figures_by_their_names(tmp_path: Path) -> None:
    done = run_iter("bench", "--json", "--only", "open", "--only", "parse", "--scale", "0.01", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert {"open_vs_bare", "open_ms", "parse_300_ms", "cached_300_ms", "beyond"} == set(told)
    assert done.returncode == bool(told["beyond"])


def test_what_is_beyond_its_limit_is_told() -> None:
    figures = {"step_vs_bare": {"sqlite": 2.6, "postgresql": 2.4}, "timers_per_second": 499, "open_vs_bare": 3}
    assert beyond(figures) == ["step_vs_bare.sqlite", "timers_per_second"]
    assert flat(figures)["step_vs_bare.postgresql"] == 2.4


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_documented(name: str) -> None:
    text = (ROOT / "docs/reference/benchmarks.md").read_text()
    first, _, part = name.partition(".")
    assert re.search(rf"`{first}\b", text)
    assert not part or f".{part}`" in text
