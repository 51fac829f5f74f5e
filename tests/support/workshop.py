"""The tutorial's package, written out from its text: a small process with a timer, a mail and a form."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.documents import ROOT

TUTORIAL = ROOT / "docs" / "tutorial.md"


def write_workshop(folder: Path) -> Path:
    """Writes the package below `folder`; gives its own folder."""
    for name, content in re.findall(r"```\w+ (workshop/\S+)\n(.*?)```", TUTORIAL.read_text(), re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "workshop"
