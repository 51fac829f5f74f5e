"""Checks a package as deploying would, and stores nothing; and who may have one read at all."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, Problem
from engine.domain.said import said
from engine.queries.reading import Source, reading
from engine.spiff.versions import check_version


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that is wrong with a package, in one pass."""
    return check_version(files)


def require_deployer(engine: Source, actor: Actor) -> None:
    """Raises `Forbidden` for who deploys nothing: to read a package takes seconds, to ask for it nothing."""
    with reading(engine, actor) as reader:
        if not reader.sees_everything and not any(actor.may("deploy", one) for one in reader.packages.values()):
            raise Forbidden(said("Your roles don't allow you to deploy packages."))
