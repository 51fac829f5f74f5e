"""The page to try the API on: Swagger UI out of a Python package; nothing from elsewhere, no inline script."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, send_from_directory

from web.http.openapi import document
from web.http.operations import API, Operation
from web.http.security_headers import PAGE_POLICY

_ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Iter API</title>
<link rel="stylesheet" href="{API}/docs/swagger-ui.css">
<link rel="icon" href="{API}/docs/favicon-32x32.png">
</head>
<body>
<main id="api"></main>
<script src="{API}/docs/swagger-ui-bundle.js"></script>
<script src="{API}/docs/start.js"></script>
</body>
</html>
"""
_START = f"""SwaggerUIBundle({{url: "{API}/openapi.json", dom_id: "#api", validatorUrl: null}});
"""


def api_page(operations: list[Operation]) -> Blueprint:
    """`/openapi.json` and `/docs` below the API's root; both need no token."""
    blueprint = Blueprint("api_page", __name__, url_prefix=API)

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        known = current_app.extensions
        if "iter.openapi" not in known:
            known["iter.openapi"] = document(operations, metadata.version("iter"))
        return jsonify(known["iter.openapi"])

    @blueprint.get("/docs")
    def page() -> Response:
        response = Response(_PAGE, mimetype="text/html")
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response

    @blueprint.get("/docs/start.js")
    def start() -> Response:
        return Response(_START, mimetype="text/javascript")

    for name in _ASSETS:
        blueprint.add_url_rule(f"/docs/{name}", name.partition(".")[0], _asset, defaults={"name": name})
    return blueprint


def _asset(name: str) -> Response:
    return send_from_directory(_assets_folder(), name, max_age=86_400)


def _assets_folder() -> Path:
    """Where the package with Swagger UI is; it isn't imported, for it would bring pages with inline scripts."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package flask-swagger-ui isn't installed")
    return Path(spec.origin).parent / "dist"
