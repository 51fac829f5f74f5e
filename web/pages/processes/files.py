"""One file of a version, shown as what it is, or saved."""

from __future__ import annotations

from typing import Any

from engine.queries.packages import contents
from engine.queries.packages.contents import Contents, FileView
from web.http.downloads import download
from web.pages.processes.words import AGGREGATIONS, HIT_POLICIES
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("process files")


@pages.get("/processes/<key:package>/versions/<id:version>/files/<file:path>", to="staff")
def show(visit: Visit, package: str, version: int, path: str) -> Answer:
    """A decision as a table, a form as it will look, what the package says in words, anything else as its text."""
    found = contents.of_version(visit.engine, visit.actor, package, version)
    file = found.file(path)
    if file.kind == "diagram":
        return visit.see(f"/processes/{package}/versions/{version}?diagram={path}")
    return render(
        f"processes/{_TEMPLATES.get(file.kind, 'text')}.html", found=found, at=found.standing, file=file,
        package=found.version.package, content=_text(found, file), **_more(visit, found, file),
    )  # fmt: skip


@pages.get("/processes/<key:package>/versions/<id:version>/saved/<file:path>", to="staff")
def save(visit: Visit, package: str, version: int, path: str) -> Answer:
    """The file itself."""
    found = contents.of_version(visit.engine, visit.actor, package, version)
    file = found.file(path)
    content = found.version.files[file.path]
    return download(file.path.rpartition("/")[2], "application/octet-stream", len(content), iter([content]))


_TEMPLATES = {"decision": "decision", "form": "form", "package": "package"}


def _more(visit: Visit, found: Contents, file: FileView) -> dict[str, Any]:
    if file.kind == "decision":
        return {"decisions": found.decisions(file.path), "hits": HIT_POLICIES, "aggregations": AGGREGATIONS}
    if file.kind == "form":
        forms = found.version.forms
        name = next((name for name, form in forms.items() if form.path == file.path), "")
        return {"schema": found.version.form_schema(name, visit.language)}
    return {}


def _text(found: Contents, file: FileView) -> str:
    return found.version.files[file.path].decode("utf-8", "replace")
