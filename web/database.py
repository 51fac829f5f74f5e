"""Opens what commands and queries work with: database, sandbox, clock. The one place of `web` that sees storage."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from web.clock import clock_of
from web.settings import SettingError, Settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.storage.database import Database


def open_database(settings: Settings) -> Database:
    """The database of the settings; an SQLite file's folder is made. Raises `SettingError`."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from engine.storage.database import Database

    try:
        url = make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return Database(settings.database_url)
    except (ArgumentError, ValueError, OSError) as error:
        raise SettingError(f"ITER_DATABASE_URL can't be used: {error}") from None


def open_engine(settings: Settings) -> Engine:
    """What commands and queries are handed; nothing is connected or started yet. Raises `SettingError`."""
    from engine.commands.engine import Engine, EngineSettings
    from engine.job_handlers.values import HandlerSettings
    from engine.spiff.expressions import Sandbox

    reachable = frozenset(settings.webhook_private_hosts.split())
    handlers = HandlerSettings(smtp_url=settings.smtp_url, webhook_private_hosts=reachable)
    return Engine(
        database=open_database(settings),
        clock=clock_of(settings),
        sandbox=Sandbox(time.monotonic),
        settings=EngineSettings(
            handlers=handlers,
            base_url=settings.address,
            max_attachment=settings.max_attachment,
            mail_from=settings.mail_from,
            session_idle=timedelta(minutes=settings.session_idle_minutes),
            session_lifetime=timedelta(days=settings.session_days),
        ),
    )


def migrate(settings: Settings) -> None:
    """Brings the schema up to date; does nothing, quickly, where it is. Raises `SettingError`."""
    from sqlalchemy.exc import OperationalError

    from engine.storage.migrating import is_current
    from engine.storage.migrating import migrate as bring_up

    database = open_database(settings)
    try:
        if not is_current(database):
            bring_up(database)
    except OperationalError as error:
        raise SettingError(f"ITER_DATABASE_URL: the database can't be reached: {error.orig}") from None
    finally:
        database.close()


def what_is_missing(engine: Engine) -> str:
    """What keeps Iter from working, in one sentence; empty where nothing does."""
    from sqlalchemy.exc import SQLAlchemyError

    from engine.storage.migrating import is_current

    try:
        if not is_current(engine.database):
            return "The database's schema isn't the one that this version works with: run `iter migrate`."
    except SQLAlchemyError:
        return "The database can't be reached."
    return ""
