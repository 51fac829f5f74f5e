"""Files: taken in for forms that are being filled in, and given out as downloads."""

from __future__ import annotations

from flask import Response

from engine.commands.files import attachments
from engine.domain.errors import Conflict, Invalid
from engine.queries.tickets import attachments as reads
from web.http.downloads import download
from web.http.uploads import posted_file
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("files of tickets")


@pages.post("/uploads/<key:place>", to="everyone", takes_files=True)
def upload(visit: Visit, place: str) -> Answer:
    """Take a file in for a form; gives the line that stands for it there, or what is wrong with it."""
    name = visit.query.get("name", "")
    try:
        file = posted_file()
        taken = attachments.upload(visit.engine, visit.actor, place, file.name or name, file.stream)
    except (Invalid, Conflict) as error:
        told = error.fields.get("file", [str(error)]) if isinstance(error, Invalid) else [str(error)]
        return render("portal/_upload.html", status=422, file=None, name=name, told_errors=told)
    return render("portal/_upload.html", status=201, file=taken)


@pages.post("/uploads/<id:attachment_id>/discard", to="everyone")
def discard(visit: Visit, attachment_id: int) -> Answer:
    """Throw away a file that its form hasn't been sent with."""
    attachments.discard(visit.engine, visit.actor, attachment_id)
    return Response(status=204)


@pages.get("/tickets/<id:ticket_id>/attachments/<id:attachment_id>", to="everyone")
def content(visit: Visit, ticket_id: int, attachment_id: int) -> Answer:
    """A file of a ticket, to be saved."""
    found = reads.open_content(visit.engine, visit.actor, ticket_id, attachment_id)
    return download(found.file.name, found.file.media_type, found.file.size, found.pieces)
