"""The draft of a package: its files, new ones, uploads, earlier versions taken back, and throwing it away."""

from __future__ import annotations

from itertools import groupby

from engine.commands.packages import drafts
from engine.domain.errors import Invalid, IterError, Refused
from engine.domain.said import said
from engine.queries.packages import drafts as reads
from engine.queries.packages import standing
from engine.queries.packages.contents import Kind
from engine.queries.packages.drafts import PackageDraft
from engine.queries.reading import reading
from web.package_sources import admit, from_zip
from web.pages.processes.words import ALL_FILES, CHANGES, NEW_FILES
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("process drafts")

#: folder of the files with this ending, where a package has them in one
_FOLDERS = {"form": "forms/", "txt": "mail/", "html": "mail/", "yaml": "scenarios/", "po": "translations/"}


@pages.get("/processes/<key:package>/draft", to="staff")
def show(visit: Visit, package: str) -> Answer:
    """All files of the draft, with what it changes and who changed it."""
    return _page(visit, package)


@pages.post("/processes/<key:package>/draft/new", to="staff")
def add(visit: Visit, package: str) -> Answer:
    """Begin a new file, and open it."""
    try:
        path = drafts.begin_file(
            visit.engine, visit.actor, package, visit.form.text("kind"), visit.form.text("name").strip()
        )
    except Invalid as error:
        return _page(visit, package, error)
    return visit.see(f"/processes/{package}/draft/files/{path}")


@pages.post("/processes/<key:package>/draft/upload", to="staff", takes_files=True)
def upload(visit: Visit, package: str) -> Answer:
    """Take over a whole package (a zip), or single files, into the draft; deploying is another step."""
    given = [part for part in visit.form.files.getlist("file") if part.filename]
    try:
        if not given:
            raise Invalid(said("Choose a file."), {"file": [said("Choose a file.")]})
        limit = visit.settings.max_package
        if len(given) == 1 and given[0].filename.lower().endswith(".zip"):
            files = from_zip(given[0].read(), limit)
            drafts.replace(visit.engine, visit.actor, package, files, visit.form.number("revision") or 0)
        else:
            with reading(visit.engine, visit.actor):
                draft = reads.of_package(visit.engine, visit.actor, package)
            files = admit({_place(draft, part.filename): part.read() for part in given}, limit)
            read = {path: draft.changes[path].revision for path in files if path in draft.changes}
            if newer := [path for path in read if read[path] > (visit.form.number("revision") or 0)]:
                raise Invalid(said("{path} was changed by somebody else since you opened it.", path=newer[0]))
            drafts.keep(visit.engine, visit.actor, package, dict(files), read)
    except (Invalid, Refused) as error:
        return _page(visit, package, error)
    return visit.see(f"/processes/{package}/draft", visit.say("Taken over into the draft."))


@pages.post("/processes/<key:package>/draft/remove", to="staff")
def remove(visit: Visit, package: str) -> Answer:
    """Take a file out of the draft."""
    path = _known(visit, package)[0]
    drafts.keep(visit.engine, visit.actor, package, {path: None}, {path: visit.form.number("revision") or 0})
    return visit.see(f"/processes/{package}/draft", visit.say("{path} is taken out of the draft.", path=path))


@pages.post("/processes/<key:package>/draft/undo", to="staff")
def undo(visit: Visit, package: str) -> Answer:
    """Have a file again as the version that the draft is based on has it."""
    path, draft = _known(visit, package)
    read = {path: visit.form.number("revision") or 0}
    drafts.keep(visit.engine, visit.actor, package, {path: draft.base.get(path)}, read)
    return visit.see(f"/processes/{package}/draft", visit.say("{path} is as it was.", path=path))


@pages.post("/processes/<key:package>/draft/discard", to="staff")
def discard(visit: Visit, package: str) -> Answer:
    """Throw the draft away."""
    drafts.discard(visit.engine, visit.actor, package, visit.form.number("revision") or 0)
    return visit.see(f"/processes/{package}", visit.say("The draft is thrown away."))


@pages.post("/processes/<key:package>/draft/take-back", to="staff")
def take_back(visit: Visit, package: str) -> Answer:
    """Have the draft say what an earlier version said: what that changes is shown before it is deployed."""
    with reading(visit.engine, visit.actor):
        draft = reads.of_package(visit.engine, visit.actor, package)
    if draft.changes and not visit.form.flag("over"):
        raise Invalid(said("There is a draft with changes. Deploy it, or throw it away, before taking a version back."))
    drafts.take_back(visit.engine, visit.actor, package, visit.form.number("version") or 0, draft.revision)
    return visit.see(f"/processes/{package}/draft/deploying")


@pages.post("/processes/<key:package>/draft/catch-up", to="staff")
def catch_up(visit: Visit, package: str) -> Answer:
    """Bring in what was deployed since the draft was begun."""
    theirs = visit.form.all("theirs")
    drafts.catch_up(visit.engine, visit.actor, package, visit.form.number("revision") or 0, theirs)
    return visit.see(f"/processes/{package}/draft", visit.say("The draft is based on the version in force now."))


def _page(visit: Visit, package: str, error: IterError | None = None) -> Answer:
    with reading(visit.engine, visit.actor, visit.language) as reader:
        draft = reads.of_package(visit.engine, visit.actor, package)
        shelves = [(kind, list(some)) for kind, some in groupby(sorted(draft.files, key=_order), key=_kind)]
        return render(
            "processes/draft.html", status=422 if error else 200, draft=draft, shelves=shelves, kinds=ALL_FILES,
            package=standing.owned_package(reader, package), new=NEW_FILES, changes=CHANGES, error=error,
            others=reads.others(visit.engine, visit.actor, package),
            clashing=reads.overtaken_files(visit.engine, visit.actor, draft) if draft.overtaken else [],
        )  # fmt: skip


def _known(visit: Visit, package: str) -> tuple[str, PackageDraft]:
    """The file that the form names, and the draft that has it. Raises `NotFound`."""
    with reading(visit.engine, visit.actor):
        draft = reads.of_package(visit.engine, visit.actor, package)
    return draft.file(visit.form.text("path")).path, draft


def _kind(file: reads.DraftFile) -> Kind:
    return file.kind


def _order(file: reads.DraftFile) -> tuple[int, str]:
    return list(ALL_FILES).index(file.kind), file.path


def _place(draft: PackageDraft, name: str) -> str:
    """Where a file of this name stands in the package, or would stand."""
    name = name.replace("\\", "/").rpartition("/")[2]
    known = [path for path in draft.contents if path.rpartition("/")[2] == name]
    return known[0] if len(known) == 1 else _FOLDERS.get(name.rpartition(".")[2], "") + name
