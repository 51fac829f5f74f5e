"""Two-factor sign-in: set up an app, keep recovery codes, switch it off."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import segno
from flask import Response
from markupsafe import Markup

from engine.domain.errors import Conflict, Invalid, Throttled
from engine.queries.people import sessions as reads
from web.pages.rendering import render
from web.pages.signing_in.sign_in import told_to_wait, waiting
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("two-factor")
PLACE = "/account/two-factor"


@pages.get(PLACE, to="everyone")
def show(visit: Visit) -> Answer:
    """Whether it is on, and what can be done; or the app that is being set up."""
    return _page(visit)


@pages.post(PLACE, to="everyone")
def offer(visit: Visit) -> Answer:
    """A fresh secret, for who knows the password."""
    from engine.commands.people import two_factor

    def begin() -> Answer:
        two_factor.offer(visit.engine, visit.actor, visit.session or 0, visit.form.text("current"))
        return visit.see(PLACE)

    return _guarded(visit, begin)


@pages.post(f"{PLACE}/on", to="everyone")
def enable(visit: Visit) -> Answer:
    """On, as a right code shows that the app is set up; the recovery codes are shown this once."""
    from engine.commands.people import two_factor

    def switch_on() -> Answer:
        codes = two_factor.enable(visit.engine, visit.actor, visit.session or 0, visit.form.text("code"))
        return render("account/recovery_codes.html", codes=codes, fresh=True)

    return _guarded(visit, switch_on)


@pages.post(f"{PLACE}/codes", to="everyone")
def renew_codes(visit: Visit) -> Answer:
    """New recovery codes in place of the old, shown this once."""
    from engine.commands.people import two_factor

    def renew() -> Answer:
        codes = two_factor.renew_codes(
            visit.engine, visit.actor, visit.form.text("current"), visit.form.text("code")
        )  # fmt: skip
        return render("account/recovery_codes.html", codes=codes, fresh=False)

    return _guarded(visit, renew)


@pages.post(f"{PLACE}/off", to="everyone")
def disable(visit: Visit) -> Answer:
    """Off: a password is enough again."""
    from engine.commands.people import two_factor

    def switch_off() -> Answer:
        two_factor.disable(visit.engine, visit.actor, visit.form.text("current"), visit.form.text("code"))
        return visit.see("/account", said=visit.say("Two-factor sign-in is off."))

    return _guarded(visit, switch_off)


def _guarded(visit: Visit, work: Callable[[], Answer]) -> Answer:
    """The answer of `work`; what is wrong is told on the page."""
    try:
        return work()
    except Invalid as error:
        return _page(visit, errors=error.fields, status=422)
    except Throttled as error:
        return told_to_wait(_page(visit, problem=waiting(visit, error), status=429), error)
    except Conflict as error:
        return visit.see(PLACE, said=visit.say(str(error)))


def _page(visit: Visit, errors: dict[str, list[str]] | None = None, problem: str = "", status: int = 200) -> Response:
    from engine.commands.people import two_factor

    state = reads.two_factor(visit.engine, visit.actor)
    offered = None if state.on else two_factor.offered(visit.engine, visit.actor, visit.session or 0)
    return render(
        "account/two_factor.html",
        status=status,
        state=state,
        secret=" ".join(_fours(offered.secret)) if offered else "",
        picture=_picture(offered.uri) if offered else "",
        errors=errors or {},
        problem=problem,
    )


def _picture(uri: str) -> Markup:
    """The QR code as SVG, which carries neither style nor script."""
    drawn = BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, nl=False)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno draws it from modules; the text isn't in it


def _fours(text: str) -> list[str]:
    return [text[start : start + 4] for start in range(0, len(text), 4)]
