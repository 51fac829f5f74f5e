"""A package's mail texts: reading, checking and rendering them (Liquid). Sending and addressing don't belong here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from engine.domain.errors import IterError, Problem
from engine.domain.mail_texts.liquid import HTML, PLAIN, budget
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.said import said

FOLDER = "mail"
#: characters; a mail text is a page or two
MAX_SOURCE = 50_000
#: `{{` and `{%`; reading those that are never closed takes quadratic time
MAX_TAGS = 500
#: characters of one tag, and filters or brackets in it: reading long ones takes quadratic time
LONGEST_TAG, MOST_IN_TAG = 1_000, 10
#: characters of a rendered subject; the rest is cut
MAX_SUBJECT = 200
#: what a mail text may read besides the ticket's fields, in words instead of keys
TICKET_WORDS = (
    "url", "status_label", "request_type_label", "category_label", "department_label", "assignee_name",
    "requester_name", "company_name",
)  # fmt: skip
RECIPIENT_FIELDS = ("name", "email", "kind")
NOTE_FIELDS = ("text", "author", "public", "at", "attachments")
PACKAGE_FIELDS = ("id", "title")
_SUBJECT = re.compile(r"subject:[ \t]*(?P<subject>.*)", re.IGNORECASE)
_TAG = re.compile(r"\{[{%]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
#: whatever could begin a new header or hide text from its reader
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+")


class MailFailed(IterError):
    """A mail text can't be rendered with the values at hand; rendering it again would fail alike."""

    code = "mail-failed"


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """What one recipient reads. `subject` is one line; `html` is empty where the package has none."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class MailText:
    """One mail of a package: subject and plain text, and HTML where there is an `.html` beside it."""

    name: str
    subject: BoundTemplate
    text: BoundTemplate
    html: BoundTemplate | None = None

    def render(self, values: Mapping[str, Any]) -> RenderedMail:
        """The mail with its values (`ticket`, `recipient`, … and the process's variables).

        Raises `MailFailed` where a value is missing or a limit is reached.
        """
        return RenderedMail(
            subject=one_line(_render(self, self.subject, values)),
            text=_render(self, self.text, values),
            html=_render(self, self.html, values) if self.html else "",
        )


def one_line(text: str) -> str:
    """A text that is safe in a mail header: no line ends, no control or direction characters."""
    return _CONTROL.sub(" ", text).strip()[:MAX_SUBJECT]


def read_mails(files: Mapping[str, bytes], package: Package | None = None) -> tuple[dict[str, MailText], list[Problem]]:
    """All mails of a package's files (`mail/<name>.txt`, `mail/<name>.html`) by name, and what is wrong with them."""
    mails: dict[str, MailText] = {}
    problems: list[Problem] = []
    for name in sorted({PurePosixPath(path).stem for path in files if _is_mail(path)}):
        mail, found = read_mail(name, files, package)
        problems += found
        if mail:
            mails[name] = mail
    return mails, problems


def read_translated_mails(
    files: Mapping[str, bytes], package: Package | None = None
) -> tuple[dict[str, dict[str, MailText]], list[Problem]]:
    """The mails that a package has in other languages too (`mail/<language>/<name>.txt`), by language and name."""
    found: dict[str, dict[str, MailText]] = {}
    problems: list[Problem] = []
    for folder, name in sorted({(parent, stem) for path in files for parent, stem in _translated(path)}):
        mail, wrong = read_mail(name, files, package, folder)
        problems += wrong
        if mail:
            found.setdefault(folder.removeprefix(f"{FOLDER}/"), {})[name] = mail
    return found, problems


def read_mail(
    name: str, files: Mapping[str, bytes], package: Package | None = None, folder: str = FOLDER
) -> tuple[MailText | None, list[Problem]]:
    """The mail `name` of a package's files, or None, and all that is wrong with it."""
    plain, html = f"{folder}/{name}.txt", f"{folder}/{name}.html"
    if plain not in files:
        return None, [
            Problem(
                html, said("There is no {plain} beside it.", plain=plain), said("Add the plain text, with its subject.")
            )
        ]
    if not _NAME.fullmatch(name):
        return None, [
            Problem(
                plain, said("“{name}” isn't a name for a mail.", name=name[:70]), said("Use a-z, 0-9, _ and - only.")
            )
        ]
    problems: list[Problem] = []
    text = _decode(plain, files[plain], problems)
    first, _, body = text.partition("\n")
    subject = _SUBJECT.fullmatch(first.strip())
    if not problems and (subject is None or not subject["subject"]):
        problems.append(
            Problem(plain, said("The first line isn't a subject."), said("Begin with “Subject: …”."), line=1)
        )
    parts = {
        "subject": (plain, subject["subject"] if subject else "", 1, PLAIN),
        "text": (plain, body.lstrip("\n"), 2 + len(body) - len(body.lstrip("\n")), PLAIN),
    }
    if html in files:
        parts["html"] = (html, _decode(html, files[html], problems), 1, HTML)
    templates: dict[str, BoundTemplate] = {}
    for part, (path, source, line, environment) in parts.items():
        try:
            templates[part] = environment.from_string(source)
        except LiquidError as error:
            problems.append(_syntax(path, error, line))
        else:
            problems += _unknown(path, templates[part], source, line, package)
    return (None if problems else MailText(name, **templates)), problems


def _unknown(
    path: str, template: BoundTemplate, source: str, first_line: int, package: Package | None
) -> Iterator[Problem]:
    """Filters and fields that no mail can have. Process variables can't be told before a ticket runs."""
    analysis = template.analyze()
    for name, spans in analysis.filters.items():
        if name not in template.env.filters:
            line = first_line + source.count("\n", 0, spans[0].index)
            allowed = ", ".join(sorted(template.env.filters))
            yield Problem(
                path,
                said("There is no filter “{name}”.", name=name),
                said("Use one of: {allowed}.", allowed=allowed),
                element=name,
                line=line,
            )
    known = _known_fields(package)
    for name, uses in analysis.globals.items():
        for use in uses:
            field = use.segments[1] if len(use.segments) > 1 else None  # a list where it is computed
            if name in known and isinstance(field, str | int) and str(field) not in known[name]:
                line = first_line + source.count("\n", 0, use.span.index)
                yield Problem(
                    path,
                    said("The mail reads {name}.{field}, which doesn't exist.", name=name, field=field),
                    said("Use one of: {names}.", names=sorted(known[name])),
                    element=f"{name}.{field}",
                    line=line,
                )


def _known_fields(package: Package | None) -> dict[str, set[str]]:
    known = {"recipient": set(RECIPIENT_FIELDS), "note": set(NOTE_FIELDS), "package": set(PACKAGE_FIELDS)}
    if package is not None:
        declared = {key for field in package.fields for key in (field, f"{field}_label")}
        known["ticket"] = {*BUILT_IN_FIELDS, *TICKET_WORDS, *declared}
    return known


def _is_mail(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.parent == PurePosixPath(FOLDER) and parts.suffix in (".txt", ".html")


def _translated(path: str) -> Iterator[tuple[str, str]]:
    """Folder and name of a mail in another language."""
    parts = PurePosixPath(path)
    if parts.parent.parent == PurePosixPath(FOLDER) and parts.suffix in (".txt", ".html"):
        yield str(parts.parent), parts.stem


def _decode(path: str, content: bytes, problems: list[Problem]) -> str:
    if len(content) > MAX_SOURCE:
        problems.append(
            Problem(
                path, said("The text has more than {max_source:,} bytes.", max_source=MAX_SOURCE), said("Shorten it.")
            )
        )
        return ""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        problems.append(Problem(path, said("The file isn't UTF-8 text."), said("Save it as UTF-8.")))
        return ""
    if text.count("{{") + text.count("{%") > MAX_TAGS:
        problems.append(
            Problem(
                path,
                said("The text has more than {max_tags} tags ({{{{ … }}}}).", max_tags=MAX_TAGS),
                said("Shorten it."),
            )
        )
        return ""
    if tag := next((tag for tag in _TAG.finditer(text) if not _is_simple(text, tag.start())), None):
        problems.append(
            Problem(
                path,
                said("A tag isn't closed, or does more than a mail needs."),
                said(
                    "Close it; write it in at most {most} characters, with at most {filters} filters, and no range such"
                    " as (1..9).",
                    most=LONGEST_TAG,
                    filters=MOST_IN_TAG,
                ),
                line=text.count("\n", 0, tag.start()) + 1,
            )
        )
        return ""
    if "\x00" in text:
        problems.append(Problem(path, said("The text holds a null character."), said("Remove it.")))
        return ""
    return text


def _is_simple(text: str, start: int) -> bool:
    """Whether the tag that begins there is closed soon, and can be read and run quickly."""
    end = text.find("}}" if text[start + 1] == "{" else "%}", start, start + LONGEST_TAG)
    inside = _QUOTED.sub("", text[start:end])
    return end > 0 and inside.count("|") <= MOST_IN_TAG and inside.count("[") <= MOST_IN_TAG and ".." not in inside


def _syntax(path: str, error: LiquidError, first_line: int) -> Problem:
    where = error.context()
    line = first_line + where[0] - 1 if where else 0
    return Problem(
        path,
        said("The text isn't Liquid: {message}.", message=error.message),
        said("Mend the {{ … }} or {% … %} there."),
        line=line,
    )


def _render(mail: MailText, template: BoundTemplate, values: Mapping[str, Any]) -> str:
    try:
        with budget():
            return str(template.render(**values))
    except (LiquidError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
        reason = error.message if isinstance(error, LiquidError) else error
        raise MailFailed(
            said("The mail “{name}” can't be written: {reason}.", name=mail.name, reason=reason)
        ) from error
