"""A file of a package's draft: opened to be changed, kept with every change, and looked through at once."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from engine.commands.packages import drafts
from engine.domain.errors import Invalid, Problem
from engine.domain.said import said
from engine.domain.storable import MAX_ID
from engine.queries.packages import drafts as reads
from engine.queries.packages import standing
from engine.queries.packages.drafts import PackageDraft
from engine.queries.reading import reading
from web.http.downloads import download
from web.http.security_headers import EDITOR_POLICY, MAIL_PAGE_POLICY, PAGE_POLICY
from web.pages.processes.editing.editors import EDITORS, Editor, editor_of
from web.pages.processes.editing.offering import offered
from web.pages.rendering import render, told
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("process drafts being changed")

_POLICIES: dict[Editor, str] = {"modeler": EDITOR_POLICY, "mail_editor": MAIL_PAGE_POLICY}


@pages.get("/processes/<key:package>/draft/files/<file:path>", to="staff")
def show(visit: Visit, package: str, path: str) -> Answer:
    """The file in the editor for its kind; `?as=text`: as its text."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    file = draft.file(path)
    if file.change == "removed":
        return visit.see(f"/processes/{package}/draft")
    with reading(visit.engine, visit.actor) as reader:
        title = standing.owned_package(reader, package)
    text = draft.contents[path].decode("utf-8", "replace")
    editor, words = editor_of(visit, draft, file, text)
    policy = _POLICIES.get(editor, PAGE_POLICY)
    return render(
        f"processes/{editor}.html", policy=policy, draft=draft, file=file, package=title, text=text, editor=editor,
        own_editor=EDITORS.get(file.kind), asked=visit.query.get("as", ""), words=words,
    )  # fmt: skip


@pages.get("/processes/<key:package>/draft/saved/<file:path>", to="staff")
def save(visit: Visit, package: str, path: str) -> Answer:
    """The file itself, as the draft has it."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    draft.file(path)
    content = draft.contents.get(path, b"")
    return download(path.rpartition("/")[2], "application/octet-stream", len(content), iter([content]))


@pages.get("/processes/<key:package>/draft/looked.json", to="staff")
def look(visit: Visit, package: str) -> Answer:
    """What is wrong with the draft, what it offers, and who else is at it."""
    return _looked(visit, package)


@pages.post("/processes/<key:package>/draft/files/<file:path>", to="staff")
def keep(visit: Visit, package: str, path: str) -> Answer:
    """Keep the file's latest state: `{"content": text, "revision": …, "based_on": …}`, the two as they were read."""
    given = visit.json()
    content, revision, based_on = given.get("content"), given.get("revision"), given.get("based_on")
    known = based_on is None or (isinstance(based_on, int) and 0 < based_on <= MAX_ID)
    if not isinstance(content, str) or not isinstance(revision, int) or not known:
        raise Invalid(said("Expected the file's content and the revision that was read."))
    drafts.keep(visit.engine, visit.actor, package, {path: content.encode()}, {path: revision}, based_on)
    return _looked(visit, package)


@pages.post("/processes/<key:package>/draft/here", to="staff")
def be_here(visit: Visit, package: str) -> Answer:
    """Somebody has a file open: the other owners see it; gives who they are, and whether they have changed it."""
    path = visit.json().get("path")
    drafts.visit(visit.engine, visit.actor, package, path if isinstance(path, str) else "")
    with reading(visit.engine, visit.actor, visit.language):
        draft = reads.of_package(visit.engine, visit.actor, package)
        return jsonify(_stand(visit, draft))


def _looked(visit: Visit, package: str) -> Response:
    with reading(visit.engine, visit.actor, visit.language):
        draft = reads.of_package(visit.engine, visit.actor, package)
        stand = _stand(visit, draft)
    found = reads.look_through(draft)
    return jsonify(**stand, problems=list(map(_problem, found.problems)), offers=offered(visit, found.offers))


def _stand(visit: Visit, draft: PackageDraft) -> dict[str, Any]:
    others = reads.others(visit.engine, visit.actor, draft.package)
    return {
        "revision": draft.revision,
        "based_on": draft.deployment_id,
        "files": {
            path: {"revision": file.revision, "change": file.change, "by": file.by, "at": file.changed_at}
            for path, file in draft.changes.items()
        },
        "others": [{"name": other.name, "path": other.path} for other in others],
        "at": visit.now,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file, "element": problem.element, "label": problem.label, "line": problem.line,
        "problem": told(problem.problem), "remedy": told(problem.remedy), "severity": problem.severity,
    }  # fmt: skip
