"""`/healthz` (the process is alive) and `/readyz` (it can do its work), for whoever starts and watches Iter."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from engine.domain.said import said
from web.problems import problem

#: gives what is missing, empty when all is there
Check = Callable[[], str]


def health(check: Check) -> Blueprint:
    """The two routes; neither needs a token, neither tells more than a word."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        missing = check()
        if missing:
            response = problem(503, "not-ready", said("Not ready"), missing)
            response.headers["Retry-After"] = "1"
            return response
        return jsonify(status="ready")

    return blueprint
