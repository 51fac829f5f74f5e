"""Tests of a process package in plain files: read, run in memory on the same `advance`, and reported in words."""

from engine.spiff.scenarios.format import Scenario, read_scenario
from engine.spiff.scenarios.report import Report, Result
from engine.spiff.scenarios.runner import report_on, run, run_each, run_file, run_package, scenarios_in

__all__ = [
    "Report", "Result", "Scenario", "read_scenario", "report_on", "run", "run_each", "run_file", "run_package",
    "scenarios_in",
]  # fmt: skip
