"""What lets some thousand tests run in minutes, and changes nothing of what they see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from engine.commands import engine
from engine.commands.packages import deployments
from engine.commands.packages import drafts as draft_commands
from engine.commands.people import passwords
from engine.domain.errors import Problem
from engine.queries.packages import drafts, trying
from engine.spiff import versions
from engine.storage import database

#: argon2 with as little work as it allows; what the product asks of it, a test of its own looks at
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
#: how many packages, and how many statements, are kept
MOST_PACKAGES, MOST_STATEMENTS = 100, 5_000


def install() -> None:
    """Has it all done once: what is slow on purpose, or done anew by each of some thousand applications."""
    passwords._hasher = QUICK
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        _same_as_any_other(dialect)
    database.create_engine = _engine_with_kept_statements  # type: ignore[assignment]
    for module in (engine, deployments, draft_commands, trying):
        module.read_version = read_version  # type: ignore[attr-defined]
    drafts.Reading = read  # type: ignore[assignment, attr-defined]


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes it, if it is there."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it."""
        self._code[bucket.key] = bucket.bytecode_to_string()


#: statements as they were compiled for the first database of their kind, whichever is asked
_statements: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)


def _same_as_any_other(dialect: type[Any]) -> None:
    """All databases of a kind are of one version here, so that what was compiled for one suits another."""
    dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign, assignment]
    dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign, assignment]


def _engine_with_kept_statements(*arguments: Any, **options: Any) -> sqlalchemy.Engine:
    made = sqlalchemy.create_engine(*arguments, **options)
    made._compiled_cache = _statements
    return made


_read: LRUCache[str, _Read] = LRUCache(MOST_PACKAGES)
_versions: LRUCache[tuple[str, bool], versions.PackageVersion] = LRUCache(MOST_PACKAGES)


class _Read(versions.Reading):
    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        return tuple(super().check())

    def check(self) -> list[Problem]:
        """Found the first time, then remembered."""
        return list(self._problems)


def read(files: Mapping[str, bytes]) -> versions.Reading:
    """As `Reading`, each package once."""
    key = versions.content_hash(files)
    if key not in _read:
        _read[key] = _Read(dict(files))
    return _read[key]


def read_version(files: Mapping[str, bytes], trusted: bool = False) -> versions.PackageVersion:
    """As in `versions`, each package once."""
    key = (versions.content_hash(files), trusted)
    if key not in _versions:
        _versions[key] = versions.read_version(dict(files), trusted)
    return _versions[key]
