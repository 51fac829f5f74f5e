"""What every template may use: functions and filters, each from the module that knows it."""

from __future__ import annotations

from flask import Flask, g
from werkzeug.local import LocalProxy

from web.language import language
from web.pages import attaching, formatting, forms, markdown, telling
from web.pages.assets import asset, icon, script, style
from web.pages.rendering import json_block, label, told
from web.texts import LANGUAGES, direction_of, name_of, tag_of, template_functions


def install(app: Flask) -> None:
    """Gives the app's templates their functions and filters."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    environment.globals.update(template_functions(language))
    environment.globals.update(
        visit=LocalProxy(lambda: g.visit), frame=LocalProxy(lambda: g.frame),
        icon=icon, asset=asset, script=script, style=style, language_name=name_of, language_tag=tag_of,
        languages=LANGUAGES, direction=lambda: direction_of(g.visit.language), told=told,
        accepted_files=lambda: attaching.ACCEPTED,
    )  # fmt: skip
    environment.filters.update(label=label, json_block=json_block, rich=markdown.rich, file_size=attaching.size)
    formatting.install(environment)
    forms.install(environment)
    telling.install(environment)
