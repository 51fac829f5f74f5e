"""The pages of processes: versions with what runs on them, each file as what it is; for owners alone."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine.commands.packages import deployments
from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.queries.packages import contents, standing
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, desk_files
from tests.support.statements import counting
from tests.support.visitors import text_of, visitor

MOST_STATEMENTS = 10
TAGS = '<img src=x onerror="alert(1)">'


def deploy(desk: Desk, reason: str, **files: bytes) -> int:
    """The next version, with other files; its number."""
    changed = {**desk_files(), "README.md": reason.encode(), **files}
    return deployments.deploy(desk.engine, changed, CLERK, "browser", reason).version


def places(number: int) -> list[str]:
    """Every page of a version of the desk's package."""
    version = f"/processes/desk/versions/{number}"
    files = [f"{version}/files/{path}" for path in desk_files()]
    return ["/processes", "/processes/desk", version, f"{version}/diagrams.json", *files]


def test_every_page_takes_few_statements(desk: Desk) -> None:
    reader = visitor(desk.engine, CLERK)
    for place in places(1):
        reader.get(place)
        with counting(desk.database) as counted:
            answer = reader.get(place)
        assert answer.status_code in (200, 303), place
        assert len(counted) <= MOST_STATEMENTS, place


def test_statements_do_not_grow_with_versions_and_tickets(desk: Desk) -> None:
    reader = visitor(desk.engine, CLERK)
    counts = []
    for round_ in range(2):
        reader.get("/processes/desk")
        with counting(desk.database) as counted:
            reader.get("/processes/desk")
        counts.append(len(counted))
        for number in range(3):
            deploy(desk, f"Round {round_}, {number}")
            desk.open()
    assert counts[0] == counts[1]


@pytest.mark.parametrize("actor", [COBBLER, OWNER], ids=["staff", "customer"])
def test_who_owns_nothing_is_told_that_there_is_nothing(desk: Desk, actor: Actor) -> None:
    reader = visitor(desk.engine, actor)
    for place in places(1):
        assert reader.get(place).status_code == 404, place
    with pytest.raises(NotFound):
        standing.owned(desk.engine, actor)


def test_versions_say_who_when_why_and_how_many_tickets_run_on_them(desk: Desk) -> None:
    desk.open()
    desk.open()
    assert deploy(desk, "Clerks asked for it") == 2
    desk.open()
    newest, oldest = standing.versions(desk.engine, CLERK, "desk").items
    assert (newest.version, newest.in_force, newest.reason, newest.tickets) == (2, True, "Clerks asked for it", 1)
    assert (oldest.version, oldest.in_force, oldest.tickets) == (1, False, 2)
    (owned,) = standing.owned(desk.engine, CLERK)
    assert (owned.live.version, owned.live.tickets, owned.behind) == (2, 1, 2)
    page = text_of(visitor(desk.engine, CLERK).get("/processes/desk/versions/1"))
    assert "This is an earlier version" in page
    assert "Clerks asked for it" in page


def test_each_file_of_a_package_is_found_by_what_it_is(desk: Desk) -> None:
    found = contents.of_version(desk.engine, CLERK, "desk")
    kinds = {file.path: file.kind for file in found.files}
    assert kinds["package.toml"] == "package"
    assert {kind for path, kind in kinds.items() if path.endswith(".bpmn")} == {"diagram"}
    assert {kind for path, kind in kinds.items() if path.startswith("mail/")} <= {"mail"}
    assert {drawing.path for drawing in found.drawings} == {path for path, kind in kinds.items() if kind == "diagram"}


def test_a_version_is_downloaded_whole_and_file_by_file(desk: Desk) -> None:
    reader = visitor(desk.engine, CLERK)
    packed = reader.get("/processes/desk/versions/1/package.zip")
    assert packed.headers["Content-Disposition"].startswith('attachment; filename="desk-1.zip"')
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == desk_files()
    one = reader.get("/processes/desk/versions/1/saved/package.toml")
    assert one.data == desk_files()["package.toml"]
    assert one.headers["Content-Disposition"].startswith("attachment")
    assert reader.get("/processes/desk/versions/1/saved/missing.toml").status_code == 404
    assert reader.get("/processes/desk/versions/9").status_code == 404
    assert reader.get("/processes/elsewhere").status_code == 404


def test_tags_in_a_package_are_shown_as_they_are_written(desk: Desk) -> None:
    files = desk_files()
    diagram = next(path for path in files if path.endswith(".bpmn"))
    written = TAGS.replace("<", "&lt;").replace('"', "&quot;").encode()
    drawn = files[diagram].replace(b'isExecutable="true"', b'isExecutable="true" name="' + written + b'"', 1)
    number = deploy(desk, TAGS, **{diagram: drawn})
    reader = visitor(desk.engine, CLERK)
    for place in (
        "/processes",
        f"/processes/desk/versions/{number}",
        f"/processes/desk/versions/{number}/files/README.md",
    ):
        body = reader.get(place).get_data(as_text=True)
        assert "onerror" in body, place
        assert "<img src=x" not in body, place
