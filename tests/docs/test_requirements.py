"""Every library that is imported is asked for by name, pinned and hashed; nothing says where it is fetched from."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tests.support.documents import ROOT, python_files

OURS = {"engine", "web", "tests"}


def _asked_for(*names: str) -> set[str]:
    lines = "\n".join((ROOT / f"{name}.in").read_text() for name in names)
    return {_normal(name) for name in re.findall(r"^([A-Za-z][\w.-]*)", lines, re.MULTILINE)}


def _imported(*folders: str) -> set[str]:
    found = set()
    for path in python_files(*folders):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - OURS - sys.stdlib_module_names


def _unasked(modules: set[str], asked: set[str]) -> set[str]:
    distributions = packages_distributions()
    return {m for m in modules if not asked & {_normal(name) for name in [m, *distributions.get(m, [])]}}


def test_what_the_product_imports_is_asked_for() -> None:
    assert _unasked(_imported("engine", "web"), _asked_for("requirements")) == set()


def test_what_the_tests_import_is_asked_for() -> None:
    assert _unasked(_imported("tests"), _asked_for("requirements", "requirements-dev")) == set()


def test_everything_asked_for_is_pinned_and_hashed() -> None:
    for name in ("requirements", "requirements-dev"):
        pinned = re.findall(r"^([\w.-]+)==\S+ \\\n    --hash=sha256:", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)
        assert _asked_for(name) <= {_normal(package) for package in pinned}


def test_no_address_and_no_path_is_named() -> None:
    for name in ("requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"):
        assert not re.search(r"://|index-url|find-links|^\s*/|@ ", (ROOT / name).read_text(), re.MULTILINE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
