"""Attachments: the files of a ticket, taken in and given out piece by piece. There is no way to remove one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from engine.commands.files import attachments
from engine.queries.tickets import attachments as reads
from web.api.paging import PageQuery
from web.http.downloads import download
from web.http.operations import Call, Created, Input, Output, Routes
from web.http.paths import Id
from web.http.uploads import BYTES, MULTIPART, PostedFile

routes = Routes("attachments")

OF_TICKET = "/tickets/<id:ticket_id>/attachments"
ONE = f"{OF_TICKET}/<id:attachment_id>"


class NewAttachment(Input):
    """What is said of a file beside its content; a note's own visibility counts where `note` names one of mine."""

    name: Annotated[str, Field(max_length=1_000, description="where the body is the content itself")] = ""
    public: bool = True
    note: Id | None = None


class Attachment(Output):
    """A file; `hash` is its SHA-256, and `note` the note that it came with."""

    id: int
    ticket: int
    note: int | None
    author: int | None
    author_name: str
    at: datetime
    name: str
    media_type: str
    size: int
    hash: str
    public: bool


class Attachments(Output):
    """A page of a ticket's files, oldest first."""

    items: list[Attachment]
    next: str | None


@routes.add("GET", OF_TICKET, scope="read", query=PageQuery, gives=Attachments)
def list_attachments(call: Call, ticket_id: int, query: PageQuery) -> Any:
    """List the files of a ticket that one may see."""
    return reads.of_ticket(call.engine, call.actor, ticket_id, **query.model_dump())


@routes.add(
    "POST", OF_TICKET, scope="write", query=NewAttachment, takes_file=True, media=(BYTES, MULTIPART),
    gives=Attachment, status=201,
)  # fmt: skip
def attach(call: Call, ticket_id: int, query: NewAttachment, file: PostedFile) -> Created:
    """Attach a file to a ticket, or to a note of one's own.

    The body is the content, with its `name` in the query; or `multipart/form-data` with one part `file`. The content
    must be what the name's ending says. It stays: attachments are only ever added. Nobody gets a mail of it.
    """
    attached = attachments.attach(
        call.engine,
        call.actor,
        ticket_id,
        file.name or query.name,
        file.stream,
        public=query.public,
        note_id=query.note,
    )
    view = reads.one(call.engine, call.actor, ticket_id, attached.id)
    return Created(view, f"/tickets/{ticket_id}/attachments/{attached.id}")


@routes.add("GET", ONE, scope="read", gives=Attachment)
def read(call: Call, ticket_id: int, attachment_id: int) -> Any:
    """Read what is known of a file."""
    return reads.one(call.engine, call.actor, ticket_id, attachment_id)


@routes.add("GET", f"{ONE}/content", scope="read", gives=None)
def content(call: Call, ticket_id: int, attachment_id: int) -> Response:
    """Download a file; nothing that a browser would run is served as such."""
    found = reads.open_content(call.engine, call.actor, ticket_id, attachment_id)
    return download(found.file.name, found.file.media_type, found.file.size, found.pieces)
