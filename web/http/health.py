"""`/healthz` (the process is alive), `/readyz` (it can do its work), `/readyz/worker` (somebody does what is due).

For whoever starts and watches Iter.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from engine.domain.said import said
from web.problems import problem

#: gives what is missing, empty when all is there
Check = Callable[[], str]
#: whether a worker was seen lately
Look = Callable[[], bool]


def health(check: Check, worker_looks: Look) -> Blueprint:
    """The three routes; none needs a token, none tells more than a word.

    Without a worker a web server is ready all the same: what people do is kept, and done when there is one again.
    """
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

    @blueprint.get("/readyz/worker")
    def worker() -> Response:
        missing = check() or ("" if worker_looks() else said("No worker was seen lately: run `iter worker`."))
        if missing:
            response = problem(503, "not-ready", said("Not ready"), missing)
            response.headers["Retry-After"] = "5"
            return response
        return jsonify(status="ready")

    return blueprint
