"""Turns templates into pages: what every template may use. No page and no query stands here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, render_template
from markupsafe import Markup
from werkzeug.local import LocalProxy

from engine.domain.packages import Label, text
from web.http.security_headers import PAGE_POLICY
from web.language import language
from web.pages.frame import Frame
from web.pages.visiting import SAID_COOKIE, Visit
from web.texts import LANGUAGES, direction_of, name_of, say, tag_of, template_functions

STATIC = Path(__file__).parents[1] / "static"


def render(template: str, status: int = 200, **values: Any) -> Response:
    """A page, or a part of one, for the present visit."""
    visit: Visit = g.visit
    frame = g.frame = Frame(visit)
    body = render_template(template, layout=frame.layout, **values)
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Content-Language"] = tag_of(visit.language)
    response.headers["Vary"] = "Cookie"
    if frame.said:
        response.delete_cookie(SAID_COOKIE, path="/")
    return response


def install(app: Flask) -> None:
    """Gives the app's templates their functions and filters."""
    from web.pages import formatting, markdown

    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    environment.globals.update(template_functions(language))
    environment.globals.update(
        visit=LocalProxy(lambda: g.visit), frame=LocalProxy(lambda: g.frame),
        icon=icon, asset=asset, script=script, style=style, language_name=name_of, language_tag=tag_of,
        languages=LANGUAGES, direction=lambda: direction_of(g.visit.language), told=told,
    )  # fmt: skip
    environment.filters.update(label=label, json_block=json_block, rich=markdown.rich)
    formatting.install(environment)


def label(found: Label, *more: str) -> str:
    """A package's text in the reader's language."""
    return text(found, g.visit.language, *more)


def told(text: str) -> str:
    """An error's or package's text in the reader's language."""
    return say(text, g.visit.language)


def icon(name: str, label: str = "", size: str = "") -> Markup:
    """A Tabler icon; without a label it is decoration, that screen readers pass over."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>').format(
        size and f"icon-{size}", told, asset("icons.svg"), name
    )


def asset(name: str) -> str:
    """Where a bundled file is: `asset("app.js")`."""
    return f"/static/{_manifest()[name]}"


def script(name: str) -> Markup:
    """The tag that loads one of the entry points in web/assets/js."""
    return Markup('<script type="module" src="{}"></script>').format(asset(f"{name}.js"))


def style(name: str) -> Markup:
    """The tag that loads one of the entry points in web/assets/css."""
    return Markup('<link rel="stylesheet" href="{}">').format(asset(f"{name}.css"))


def json_block(value: Any) -> Markup:
    """A value for a `<script type="application/json">` block: nothing in it can end the block."""
    told = json.dumps(value, ensure_ascii=False, default=str)
    return Markup(told.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def _manifest() -> Mapping[str, str]:
    return _read_manifest() if not current_app.debug else _read_manifest.__wrapped__()


@cache
def _read_manifest() -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuntimeError("The pages' scripts and styles aren't built: run `make assets`.") from None
    return found
