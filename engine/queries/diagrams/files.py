"""The file that a diagram is drawn in, of the version that a ticket runs on. For staff of the package."""

from __future__ import annotations

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.reading import Source, reading
from engine.storage.tables import Deployment


def drawing(engine: Source, actor: Actor, deployment_id: int, path: str) -> bytes:
    """The BPMN file of a version, as it was deployed. Raises `NotFound`, the same for foreign and missing."""
    with reading(engine, actor) as reader:
        statement = select(Deployment.package_id).where(Deployment.id == deployment_id)
        package_id = reader.tx.execute(statement).scalar()
        package = reader.packages.get(package_id or "")
        content = None
        if package is not None and (reader.is_staff(package) or actor.may("operate", package)):
            content = reader.engine.version(deployment_id, reader.tx).files.get(path)
        if content is None or not path.endswith(".bpmn"):
            raise NotFound(said("There is no such diagram."))
        return content
