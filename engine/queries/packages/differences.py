"""What isn't the same in two versions of a package; for who may deploy it."""

from __future__ import annotations

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.packages.standing import owned_package
from engine.queries.reading import Reader, Source, reading
from engine.spiff.comparing import Differences, compare
from engine.storage.tables import Deployment, DeploymentFile, File


def between(engine: Source, actor: Actor, package_id: str, older: int, newer: int) -> Differences:
    """What isn't the same in two versions, by their numbers. Raises `NotFound`.

    Takes two statements: only files that aren't the same are read.
    """
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        hashes = _hashes(reader, package_id, older, newer)
        before, after = hashes[older], hashes[newer]
        paths = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        contents = _contents(reader, {one[path] for one in (before, after) for path in paths & one.keys()})
    return compare(*({path: contents[one[path]] for path in paths & one.keys()} for one in (before, after)))


def _hashes(reader: Reader, package_id: str, *versions: int) -> dict[int, dict[str, str]]:
    """By version: the hashes of its files by path."""
    statement = (
        select(Deployment.version, DeploymentFile.path, DeploymentFile.file_hash)
        .join(DeploymentFile, DeploymentFile.deployment_id == Deployment.id)
        .where(Deployment.package_id == package_id, Deployment.version.in_(set(versions)))
    )
    found: dict[int, dict[str, str]] = {}
    for version, path, key in reader.tx.execute(statement):
        found.setdefault(version, {})[path] = key
    if any(version not in found for version in versions):
        raise NotFound(said("There is no such version."))
    return found


def _contents(reader: Reader, hashes: set[str]) -> dict[str, bytes]:
    statement = select(File.hash, File.content).where(File.hash.in_(hashes))
    return {row.hash: row.content for row in reader.tx.execute(statement)}
