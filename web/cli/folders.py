"""Folders as arguments of the verbs: a package's own, or one that holds packages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

SETTINGS = "package.toml"


def packages_in(folder: Path) -> list[Path]:
    """The packages right below a folder, in order."""
    return sorted(settings.parent for settings in folder.glob(f"*/{SETTINGS}"))


class PackageFolder(click.Path):
    """A package's folder; the one around packages is wrong use, and those in it are named."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder. Fails where it only holds packages."""
        folder = Path(os.fsdecode(super().convert(value, param, ctx)))
        inside = packages_in(folder)
        if inside and not (folder / SETTINGS).is_file():
            self.fail(f"'{folder}' holds packages; give one of them: {', '.join(map(str, inside))}", param, ctx)
        return folder


PACKAGE_FOLDER = PackageFolder()
