"""A mail text of a draft: its subject and text apart, the names that it may read, and how the mail will look."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import Response

from engine.domain.errors import NotFound, Problem
from engine.domain.mail_texts import FOLDER, MailFailed, RenderedMail, read_mail, render_sample
from engine.domain.mail_texts.texts import NOTE_FIELDS, PACKAGE_FIELDS, RECIPIENT_FIELDS, TICKET_WORDS
from engine.domain.package_files import read_package
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.said import said
from engine.domain.time.zones import find_zone
from engine.queries.packages import drafts as reads
from engine.queries.packages.drafts import DraftFile, PackageDraft
from web.http.security_headers import MAIL_POLICY
from web.pages.rendering import label, render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("mail texts")


def shown(visit: Visit, draft: PackageDraft, file: DraftFile) -> dict[str, Any]:
    """The names that it may read, and the files that belong to it: the other part, and the other languages."""
    package = read_package(draft.contents)[0]
    name = PurePosixPath(file.path).stem
    belonging = [path for path in draft.contents if _is_mail(path) and PurePosixPath(path).stem == name]
    return {
        "html": file.path.endswith(".html"),
        "names": _names(visit, package) if package else {},
        "beside": [
            {"path": path, "html": path.endswith(".html"), "language": _language(path, package)}
            for path in sorted(belonging, key=lambda path: (path.count("/"), path.removesuffix(".txt")))
        ],
    }


@pages.get("/processes/<key:package>/draft/mails/<file:path>", to="staff")
def look(visit: Visit, package: str, path: str) -> Answer:
    """The mail as it will look about an invented ticket; `?html=1`: its HTML part alone."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    if not _is_mail(draft.file(path).path):
        raise NotFound(said("There is no such mail."))
    mail, problems = _rendered(visit, draft, PurePosixPath(path))
    if mail and "html" in visit.query and mail.html:
        response = Response(mail.html, mimetype="text/html")
    else:
        response = render("processes/mail_look.html", mail=mail, problems=problems)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _rendered(visit: Visit, draft: PackageDraft, path: PurePosixPath) -> tuple[RenderedMail | None, list[Problem]]:
    package, wrong = read_package(draft.contents)
    mail, problems = read_mail(path.stem, draft.contents, package, str(path.parent))
    if package is None or mail is None or problems:
        return None, problems or wrong
    language = path.parent.name if path.parent.name != FOLDER else package.language
    example = {
        "subject": visit.say("The list of orders stays empty"),
        "text": visit.say("Since this morning nothing is listed."),
        "requester": "Ada Esempio", "assignee": "Bruno Prova", "company": "Esempio S.r.l.",
        "address": "ada@esempio.example",
    }  # fmt: skip
    try:
        return render_sample(mail, package, language, visit.now.astimezone(find_zone(package.time_zone)), example), []
    except MailFailed as error:
        return None, [Problem(str(path), str(error), "")]


def _names(visit: Visit, package: Package) -> dict[str, dict[str, str]]:
    """By what they are of: names that every mail may read, with what they are where their key doesn't say."""
    own = {f"ticket.{key}": label(field.label, package.language) for key, field in package.fields.items()}
    return {
        visit.say("Ticket"): {**{f"ticket.{key}": "" for key in (*BUILT_IN_FIELDS, *TICKET_WORDS)}, **own},
        visit.say("Who reads it"): {f"recipient.{key}": "" for key in RECIPIENT_FIELDS},
        visit.say("Deadlines"): {
            f'deadlines.{key} | date: "%d/%m/%Y"': label(goal.label, package.language)
            for key, goal in package.goals.items()
        },
        visit.say("The note that it is about"): {f"note.{key}": "" for key in NOTE_FIELDS},
        visit.say("Package"): {f"package.{key}": "" for key in PACKAGE_FIELDS},
    }  # fmt: skip


def _is_mail(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.parts[0] == FOLDER and len(parts.parts) in (2, 3) and parts.suffix in (".txt", ".html")


def _language(path: str, package: Package | None) -> str:
    folder = PurePosixPath(path).parent.name
    return folder if folder != FOLDER else package.language if package else ""
