"""Drafts: scripts keep here what is being typed, and pages begin with it."""

from __future__ import annotations

from flask import Response, jsonify

from engine.commands.people import drafts
from engine.queries.people import drafts as reads
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("drafts")


@pages.get("/drafts/<key:place>", to="everyone")
def read(visit: Visit, place: str) -> Answer:
    """One's own draft of a form: its content and when it was kept; both are null where there is none."""
    found = reads.of(visit.engine, visit.actor, place)
    return jsonify(
        {"content": found.content if found else None, "kept_at": found.kept_at.isoformat() if found else None}
    )


@pages.post("/drafts/<key:place>", to="everyone")
def keep(visit: Visit, place: str) -> Answer:
    """Keep a form's latest state: a JSON object."""
    kept_at = drafts.keep(visit.engine, visit.actor, place, visit.json())
    return jsonify({"kept_at": kept_at.isoformat()})


@pages.post("/drafts/<key:place>/drop", to="everyone")
def drop(visit: Visit, place: str) -> Answer:
    """Throw a draft away."""
    drafts.drop(visit.engine, visit.actor, place)
    return Response(status=204)
