"""Deploys the packages of a folder when Iter starts; what was edited in the browser is never overridden."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.commands.engine import Engine
from engine.commands.packages.deployments import Deployment, deploy
from engine.domain.actors import SYSTEM
from engine.spiff.versions import content_hash
from engine.storage import packages


@dataclass(frozen=True, slots=True)
class FolderState:
    """What became of a package's folder."""

    folder: Path
    #: deployed now; the latest version already; or another version is in force, which the folder doesn't override
    state: Literal["deployed", "current", "differs"]
    deployment: Deployment | None = None


def find_packages(root: Path) -> Iterator[Path]:
    """The folders below `root` that are packages: those with a `package.toml`."""
    if root.is_dir():
        yield from sorted(folder for folder in root.iterdir() if (folder / "package.toml").is_file())


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files of a package's folder by path; hidden ones aren't part of it."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    paths = {path.relative_to(folder): path for path in found}
    return {
        relative.as_posix(): path.read_bytes()
        for relative, path in paths.items()
        if not any(part.startswith(".") for part in relative.parts)
    }


def deploy_folder(engine: Engine, folder: Path) -> FolderState:
    """Deploy a folder whose content never was, if the latest version came from a folder too. Raises `Refused`."""
    files = read_folder(folder)
    hashed = content_hash(files)
    package_id = _package_id(files.get("package.toml", b""))
    with engine.database.read() as tx:
        latest = packages.latest_deployment(tx, package_id)
        ever = packages.ever_deployed(tx, package_id, hashed)
    if latest is not None and latest.hash == hashed:
        return FolderState(folder, "current")
    if latest is not None and (ever or latest.source != "folder"):
        return FolderState(folder, "differs")
    return FolderState(folder, "deployed", deploy(engine, files, SYSTEM, "folder"))


def _package_id(content: bytes) -> str:
    """The id that the file names, empty where it can't be told: deploying then says what is wrong."""
    try:
        found = tomllib.loads(content.decode()).get("id", "")
    except (ValueError, UnicodeDecodeError):
        return ""
    return found if isinstance(found, str) else ""
