"""Clients of the application in this process. It is put together once for each setting, and asked with any engine."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.engine import Engine
from web.app import create_app
from web.settings import Settings

_made: dict[str, Flask] = {}


class Client(FlaskClient):
    """A client that always finds its own engine behind the application."""

    engine: Engine

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """One request."""
        self.application.extensions["iter.engine"] = self.engine
        return super().open(*args, **options)


def app_of(engine: Engine, settings: Settings | None = None) -> Flask:
    """The application, with this engine behind it until it is asked for with another."""
    settings = settings or Settings()
    key = repr(settings)
    if key not in _made:
        _made[key] = create_app(settings, engine)
    _made[key].extensions["iter.engine"] = engine
    return _made[key]


def client_of(engine: Engine, settings: Settings | None = None) -> Client:
    """A client with cookies of its own."""
    app = app_of(engine, settings)
    client = Client(app, app.response_class, use_cookies=True)
    client.engine = engine
    return client
