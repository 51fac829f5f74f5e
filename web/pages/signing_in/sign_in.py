"""Sign in with a password, and with a code where two-factor is on; sign out."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, request

from engine.domain.errors import Invalid, NotFound, Throttled, Unauthorized
from web.http import this_machine
from web.pages.rendering import render
from web.pages.signing_in.cookies import forget, keep, place_after, shown
from web.pages.signing_in.demonstration import offer
from web.pages.visiting import SIGN_IN, Answer, Pages, Visit, go_to, sign_in_address

pages = Pages("signing in")
CODE = f"{SIGN_IN}/code"


@pages.get(SIGN_IN, to="visitors")
def show(visit: Visit) -> Answer:
    """Who are you? Whoever is signed in already goes on."""
    place = place_after(visit.query.get("next", ""))
    if visit.signed_in:
        return go_to(place)
    return _page(visit, 200, place=place, email="", problem="")


@pages.post(SIGN_IN, to="visitors")
def sign_in(visit: Visit) -> Answer:
    """Begin a session; one that this browser had ends."""
    from engine.commands.people import sessions

    place, email = place_after(visit.form.text("next")), visit.form.text("email")
    password = visit.form.text("password")
    try:
        this_machine.check_password(password)
        begun = sessions.begin(
            visit.engine, email, password,
            address=request.remote_addr or "", agent=request.headers.get("User-Agent", ""),
        )  # fmt: skip
    except Unauthorized as error:
        return _page(visit, 422, place=place, email=email, problem=str(error))
    except Throttled as error:
        answer = _page(visit, 429, place=place, email=email, problem=waiting(visit, error))
        return told_to_wait(answer, error)
    _end(visit)
    onward = f"{CODE}?{urlencode({'next': place})}" if begun.needs_code and place != "/" else CODE
    return keep(go_to(onward if begun.needs_code else place), begun, visit)


def _page(visit: Visit, status: int, **values: str) -> Response:
    return render("signing_in/sign_in.html", status=status, offer=offer(visit), **values)


@pages.get(CODE, to="visitors")
def ask_code(visit: Visit) -> Answer:
    """The second question, for who knew the password."""
    place = place_after(visit.query.get("next", ""))
    if visit.signed_in or not shown():
        return go_to(place if visit.signed_in else sign_in_address(place))
    return render("signing_in/code.html", place=place, problem="")


@pages.post(CODE, to="visitors")
def confirm(visit: Visit) -> Answer:
    """The session counts from now on, under a new secret."""
    from engine.commands.people import sessions

    place = place_after(visit.form.text("next"))
    try:
        begun = sessions.confirm(visit.engine, shown(), visit.form.text("code"))
    except Unauthorized:
        over = visit.say("That took too long. Sign in again.")
        return forget(visit.see(sign_in_address(place), said=over))
    except Invalid as error:
        problem = error.fields.get("code", [str(error)])[0]
        return render("signing_in/code.html", status=422, place=place, problem=problem)
    except Throttled as error:
        answer = render("signing_in/code.html", status=429, place=place, problem=waiting(visit, error))
        return told_to_wait(answer, error)
    return keep(go_to(place), begun, visit)


@pages.post("/sign-out", to="visitors")
def sign_out(visit: Visit) -> Answer:
    """This session ends; the others stay."""
    _end(visit)
    return forget(visit.see(SIGN_IN, said=visit.say("You are signed out.")))


def waiting(visit: Visit, error: Throttled) -> str:
    """What is told to who tried too often."""
    minutes, seconds = divmod(error.retry_after, 60)
    if minutes:
        return visit.say("Too many attempts. Try again in {n} min.", n=minutes + bool(seconds))
    return visit.say("Too many attempts. Try again in {n} s.", n=seconds)


def told_to_wait(answer: Response, error: Throttled) -> Response:
    """The answer, with the header that says for how long."""
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _end(visit: Visit) -> None:
    """The session of this browser, if it has one."""
    from engine.commands.people import sessions

    if visit.signed_in is None:
        return
    try:
        sessions.end(visit.engine, visit.actor, visit.signed_in.session)
    except NotFound:
        return  # it was ended elsewhere meanwhile
