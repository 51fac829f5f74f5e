"""Who is signed in now: asked by pages that were open when a session ended."""

from __future__ import annotations

from flask import jsonify

from web.pages.visiting import Answer, Pages, Visit

pages = Pages("returning")


@pages.get("/session.json", to="everyone")
def session(visit: Visit) -> Answer:
    """The account whose session it is, and the token that its requests bring. 401 where nobody is signed in."""
    return jsonify({"account": visit.actor.id, "name": visit.actor.name, "csrf": visit.csrf})
