"""Checks a package as deploying would; reads and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.errors import Problem
from engine.spiff.versions import check_version


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that is wrong with a package, in one pass."""
    return check_version(files)
