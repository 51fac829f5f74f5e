"""Puts the web application together; the only place that knows all its parts.

Production: `gunicorn 'web.app:create_app()'`, with `iter worker` beside it (docs/reference/cli.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.queries.operations.overview import a_worker_looks
from web import problems
from web.api import ROUTES
from web.database import open_engine, what_is_missing
from web.http import security_headers
from web.http.api_page import api_page
from web.http.health import health
from web.http.paths import CONVERTERS
from web.pages import PAGES, environment
from web.pages.errors import page_of
from web.pages.home import files
from web.settings import Settings, read_settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """The WSGI application. Settings come from the environment and the engine from them, unless given.

    Raises `SettingError` where a setting can't be used.
    """
    settings = settings or read_settings()
    app = Flask("web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body
    app.extensions["iter.settings"] = settings
    app.extensions["iter.engine"] = engine or open_engine(settings)
    if settings.proxies:
        told = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=told, x_proto=told)  # type: ignore[method-assign]
    app.url_map.converters.update(CONVERTERS)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    problems.install(app, page_of)
    environment.install(app)
    security_headers.install(app)
    app.register_blueprint(health(lambda: what_is_missing(_engine(app)), lambda: a_worker_looks(_engine(app))))
    app.register_blueprint(api_page([operation for routes in ROUTES for operation in routes.operations]))
    for routes in ROUTES:
        app.register_blueprint(routes.blueprint())
    app.register_blueprint(files())
    for pages in PAGES:
        app.register_blueprint(pages.blueprint())
    return app


def _engine(app: Flask) -> Engine:
    return cast("Engine", app.extensions["iter.engine"])
