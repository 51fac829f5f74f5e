"""What is done with user tasks: claim, release, hand over, complete. By buttons, and by scripts, which get JSON."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from engine.commands import user_tasks
from engine.commands.people import drafts
from engine.domain.errors import Conflict, Forbidden, IterError
from engine.queries import user_tasks as reads
from engine.queries.reading import reading
from engine.queries.user_tasks import Outcome
from web.pages.formatting import fact
from web.pages.forms import answer_once, sent_data
from web.pages.home import is_own_place
from web.pages.inbox.chosen import outcome_told, place_of
from web.pages.inbox.selection import selection
from web.pages.visiting import Answer, Pages, Visit
from web.problems import problem

pages = Pages("user tasks")


@pages.post("/user-tasks/<id:user_task_id>/claim", to="everyone")
def claim(visit: Visit, user_task_id: int) -> Answer:
    """Take a user task for oneself."""
    return _done(visit, user_task_id, lambda: user_tasks.claim(visit.engine, user_task_id, visit.actor))


@pages.post("/user-tasks/<id:user_task_id>/release", to="everyone")
def release(visit: Visit, user_task_id: int) -> Answer:
    """Give a user task back, so that others may claim it."""
    said = visit.say("Others can claim it again.")
    return _done(visit, user_task_id, lambda: user_tasks.release(visit.engine, user_task_id, visit.actor), said)


@pages.post("/user-tasks/<id:user_task_id>/hand-over", to="everyone")
def hand_over(visit: Visit, user_task_id: int) -> Answer:
    """Give a user task to a colleague."""
    to = visit.form.number("to") or 0
    said = visit.say("It was handed over.")
    return _done(visit, user_task_id, lambda: user_tasks.hand_over(visit.engine, user_task_id, to, visit.actor), said)


@pages.post("/user-tasks/<id:user_task_id>/complete", to="everyone")
def complete(visit: Visit, user_task_id: int) -> Answer:
    """Complete a user task with its form's data, and go on to the next one."""
    data = sent_data(visit)
    selected = selection(visit)

    def work() -> str:
        done = user_tasks.complete(visit.engine, user_task_id, data, visit.actor)
        drafts.drop(visit.engine, visit.actor, place_of(user_task_id))
        if not visit.is_staff:
            return f"/tickets/{done.ticket_id}"
        return selected.address(
            reads.following(visit.engine, visit.actor, selected.box, selected.filters, user_task_id)
        )

    try:
        return answer_once(visit, work, told=visit.say("Done."))
    except (Conflict, Forbidden) as error:
        return _overtaken(visit, user_task_id, error)


def _done(visit: Visit, user_task_id: int, work: Any, said: str = "") -> Answer:
    """Does it, and goes back to the user task. A form may name another place in `next`."""
    try:
        work()
    except (Conflict, Forbidden) as error:
        return _refused(visit, user_task_id, error)
    place = visit.form.text("next") if "next" in visit.form else ""
    place = place if is_own_place(place) else selection(visit).address(user_task_id)
    return jsonify({"next": place}) if _wants_json() else visit.see(place, said)


def _refused(visit: Visit, user_task_id: int, error: IterError) -> Answer:
    """A script is told as JSON; a person on the user task's own page, which shows what became of it."""
    if _wants_json():
        return _overtaken(visit, user_task_id, error)
    with_text = outcome_told(visit, _outcome(visit, user_task_id)) or visit.say(str(error))
    return visit.see(selection(visit).address(user_task_id), with_text)


def _overtaken(visit: Visit, user_task_id: int, error: IterError) -> Response:
    """409 with who was quicker, when, and what they filled in; the error itself where that isn't the reason."""
    outcome = _outcome(visit, user_task_id)
    told = outcome_told(visit, outcome)
    if outcome is None or not told:
        raise error
    values = [(label, fact(value)) for label, value in outcome.values]
    following = selection(visit).address()
    return problem(409, Conflict.code, "Conflict", told, told=told, values=values, next=following)


def _outcome(visit: Visit, user_task_id: int) -> Outcome | None:
    try:
        with reading(visit.engine, visit.actor, visit.language):
            return reads.outcome(visit.engine, visit.actor, user_task_id)
    except IterError:
        return None


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
