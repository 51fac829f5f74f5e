"""The README's folder map is true: what it names exists, and what exists at its level is named."""

from __future__ import annotations

import re

from tests.support.documents import ROOT

#: folders whose inner parts the map shows
SHOWN = ("engine", "web", "workflows")
#: made by the tools or common to every project
UNSAID = {
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "requirements.in",
    "requirements.txt",
    "requirements-dev.in",
    "requirements-dev.txt",
    "package-lock.json",
    "node_modules",
    "var",
}


def _map() -> list[str]:
    block = re.search(r"## Where things are\n+```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block, "README.md has no folder map"
    paths, folder = [], ""
    for line in block[1].splitlines():
        name = line.split()[0]
        if line.startswith(" "):
            paths.append(folder + name)
        else:
            folder = name
            paths.append(name)
    return paths


def test_what_the_map_names_exists() -> None:
    assert [path for path in _map() if not (ROOT / path).exists() or path.endswith("/") != (ROOT / path).is_dir()] == []


def test_every_line_says_what_the_place_is_for() -> None:
    text = (ROOT / "README.md").read_text().split("## Where things are")[1].split("```")[1]
    assert [line for line in text.strip().splitlines() if len(line.split()) < 3] == []


def test_the_map_leaves_nothing_out() -> None:
    named = set(_map())
    entries = [entry for entry in ROOT.iterdir() if not entry.name.startswith(".") and entry.name not in UNSAID]
    entries += [entry for folder in SHOWN for entry in (ROOT / folder).iterdir() if entry.is_dir()]
    made = (".egg-info", "__pycache__", "static")
    missing = {str(entry.relative_to(ROOT)) for entry in entries if not entry.name.endswith(made)}
    assert missing - {path.rstrip("/") for path in named} == set()
