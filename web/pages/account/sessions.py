"""Where one is signed in: end one session, or all others."""

from __future__ import annotations

from engine.domain.errors import NotFound
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("sessions")


@pages.post("/account/sessions/<id:session_id>/end", to="everyone")
def end(visit: Visit, session_id: int) -> Answer:
    """That browser is signed out."""
    from engine.commands.people import sessions

    try:
        sessions.end(visit.engine, visit.actor, session_id, of=visit.actor.id)
    except NotFound:
        return visit.see("/account", said=visit.say("This session was over already."))
    return visit.see("/account", said=visit.say("The session was ended."))


@pages.post("/account/sessions/end-others", to="everyone")
def end_others(visit: Visit) -> Answer:
    """All browsers but this one are signed out."""
    from engine.commands.people import sessions

    sessions.end_others(visit.engine, visit.actor, keep=visit.session)
    return visit.see("/account", said=visit.say("You are signed out everywhere else."))
