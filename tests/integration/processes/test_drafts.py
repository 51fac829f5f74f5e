"""The draft of a package: kept file by file, shared by its owners, deployed through a gate."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.commands.packages import deployments, drafts
from engine.domain.actors import Actor, Membership
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from engine.queries.packages import drafts as reads
from engine.spiff.expressions import Sandbox
from engine.storage.tables import Account, JournalEntry
from engine.storage.tables import Deployment as DeploymentRow
from engine.storage.tables import Membership as MembershipRow
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, NOW, OWNER, desk_files
from tests.support.statements import counting
from tests.support.visitors import text_of, visitor

ELLA = Actor(40, "Ella", "ella@desk.example", "staff", None, (Membership("desk", "clerk"),))
NOTE = "mail/note.txt"
CHANGED = desk_files()[NOTE] + b"Bye.\n"
FAILS = b"""title: It is closed at once
at: 2026-05-11T08:00
given:
  people: { olga: { role: owner, company: 1 } }
  requester: olga
  ticket: { subject: Shoes, text: Worn }
steps: []
expect: { status: closed }
"""


@pytest.fixture
def ella(desk: Desk) -> Actor:
    """A second owner of the desk's package."""
    with desk.database.begin() as tx:
        tx.execute(insert(Account).values(id=40, email=ELLA.email, name="Ella", kind="staff", created_at=NOW))
        row = {"account_id": 40, "package_id": "desk", "role": "clerk", "departments": []}
        tx.execute(insert(MembershipRow).values(row))
    return ELLA


def keep(desk: Desk, actor: Actor = CLERK, *, read: int = 0, **files: bytes | None) -> int:
    """Keep files in the draft; their names are mails'."""
    given = {f"mail/{name}.txt": content for name, content in files.items()}
    return drafts.keep(desk.engine, actor, "desk", given, dict.fromkeys(given, read))


def draft(desk: Desk) -> reads.PackageDraft:
    return reads.of_package(desk.engine, CLERK, "desk")


def live(desk: Desk) -> list[Any]:
    with desk.database.read() as tx:
        return list(tx.execute(select(DeploymentRow.version, DeploymentRow.source).order_by(DeploymentRow.version)))


def test_without_changes_it_says_what_is_live(desk: Desk) -> None:
    found = draft(desk)
    assert (found.version, found.changes, found.contents) == (1, {}, desk_files())


def test_a_file_is_kept_and_nothing_is_live(desk: Desk) -> None:
    keep(desk, note=CHANGED, bye=b"Subject: Bye\n\nBye\n", late=None)
    found = draft(desk)
    kept = {path: (file.change, file.by) for path, file in found.changes.items()}
    assert kept == {
        NOTE: ("changed", "Clara"),
        "mail/bye.txt": ("added", "Clara"),
        "mail/late.txt": ("removed", "Clara"),
    }
    assert found.contents[NOTE] == CHANGED
    assert "mail/late.txt" not in found.contents
    assert [row.version for row in live(desk)] == [1]


def test_what_is_as_it_was_is_no_change(desk: Desk) -> None:
    revision = keep(desk, note=CHANGED)
    keep(desk, read=revision, note=desk_files()[NOTE])
    assert draft(desk).changes == {}


def test_of_two_owners_of_one_file_the_second_is_told(desk: Desk, ella: Actor) -> None:
    keep(desk, note=CHANGED)
    with pytest.raises(Conflict, match="changed by somebody else"):
        keep(desk, ella, note=b"Subject: Mine\n\nMine\n")
    assert draft(desk).contents[NOTE] == CHANGED
    keep(desk, ella, read=draft(desk).changes[NOTE].revision, note=b"Subject: Mine\n\nMine\n")
    assert draft(desk).changes[NOTE].by == "Ella"


def test_what_was_deployed_since_a_file_was_read_is_not_taken_back_by_saving_it(desk: Desk, ella: Actor) -> None:
    read_of = draft(desk).deployment_id
    keep(desk, ella, note=CHANGED)
    drafts.deploy(desk.engine, ella, "desk", draft(desk).revision)
    with pytest.raises(Conflict, match="changed by somebody else"):
        drafts.keep(desk.engine, CLERK, "desk", {NOTE: b"Subject: Mine\n\nMine\n"}, {}, read_of)
    assert draft(desk).changes == {}
    drafts.keep(desk.engine, CLERK, "desk", {"mail/late.txt": b"Subject: Late\n\nLate\n"}, {}, read_of)
    drafts.keep(desk.engine, CLERK, "desk", {NOTE: b"Subject: Mine\n\nMine\n"}, {}, draft(desk).deployment_id)


def test_a_thrown_away_draft_does_not_come_back_by_an_old_page(desk: Desk) -> None:
    old = keep(desk, note=CHANGED)
    drafts.discard(desk.engine, CLERK, "desk", old)
    keep(desk, note=b"Subject: New\n\nNew\n")
    with pytest.raises(Conflict):
        keep(desk, read=old, note=CHANGED)


def test_owners_see_who_else_is_there(desk: Desk, ella: Actor) -> None:
    drafts.visit(desk.engine, ella, "desk", NOTE)
    drafts.visit(desk.engine, CLERK, "desk", "repair.bpmn")
    assert reads.others(desk.engine, CLERK, "desk") == [reads.Other("Ella", NOTE)]
    desk.clock.advance(minutes=1)
    assert reads.others(desk.engine, CLERK, "desk") == []


@pytest.mark.parametrize(
    ("path", "content", "error"),
    [
        ("mail/../x.txt", b"x", Invalid),
        ("mail//x.txt", b"x", Invalid),
        ("mail/./x.txt", b"x", Invalid),
        (f"{NOTE}/x.txt", b"x", Invalid),
        ("run.sh", b"x", Refused),
        ("mail/big.txt", b"x" * 2_000_001, Invalid),
    ],
)
def test_what_no_package_holds_is_refused(desk: Desk, path: str, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        drafts.keep(desk.engine, CLERK, "desk", {path: content}, {})
    assert draft(desk).changes == {}


@pytest.mark.parametrize(("actor", "error"), [(COBBLER, Forbidden), (OWNER, Forbidden)], ids=["staff", "customer"])
def test_it_is_for_owners_alone(desk: Desk, actor: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        keep(desk, actor, note=CHANGED)
    with pytest.raises(NotFound):
        reads.of_package(desk.engine, actor, "desk")


def test_deploying_makes_the_next_version_and_empties_it(desk: Desk) -> None:
    revision = keep(desk, note=CHANGED)
    done = drafts.deploy(desk.engine, CLERK, "desk", revision, "Politer")
    assert (done.version, live(desk)[-1].source) == (2, "browser")
    assert draft(desk).changes == {}
    assert draft(desk).contents[NOTE] == CHANGED


def test_a_draft_that_was_changed_meanwhile_is_not_deployed(desk: Desk) -> None:
    revision = keep(desk, note=CHANGED)
    keep(desk, bye=b"Subject: Bye\n\nBye\n")
    with pytest.raises(Conflict, match="changed since you looked"):
        drafts.deploy(desk.engine, CLERK, "desk", revision)


def test_a_broken_draft_is_refused_with_all_that_is_wrong(desk: Desk) -> None:
    revision = keep(desk, note=b"no subject", late=None)
    with pytest.raises(Refused) as refused:
        drafts.deploy(desk.engine, CLERK, "desk", revision)
    assert len({problem.file for problem in refused.value.problems}) > 1
    assert draft(desk).revision == revision


def test_a_failing_scenario_refuses_unless_the_owner_says_why(desk: Desk) -> None:
    revision = drafts.keep(desk.engine, CLERK, "desk", {"scenarios/closed.yaml": FAILS}, {})
    with pytest.raises(Invalid, match="Scenarios fail") as refused:
        drafts.deploy(desk.engine, CLERK, "desk", revision)
    (told,) = refused.value.fields["scenarios"]
    assert told == "scenarios/closed.yaml: end, line 8: expected the status `closed`, but it is `with_us`"
    with pytest.raises(Invalid, match="Say why"):
        drafts.deploy(desk.engine, CLERK, "desk", revision, anyway=True)
    drafts.deploy(desk.engine, CLERK, "desk", revision, "We know", anyway=True)
    with desk.database.read() as tx:
        told = tx.execute(select(JournalEntry.data).where(JournalEntry.command == "deployments.deploy")).scalars().all()
    assert told[-1]["failing_scenarios"] == ["scenarios/closed.yaml"]
    assert told[-1]["reason"] == "We know"


def test_a_scenario_that_takes_too_long_is_one_that_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def hurried(stopwatch: Callable[[], float]) -> Sandbox:
        assert stopwatch is time.monotonic
        return Sandbox(map(float, count()).__next__)

    monkeypatch.setattr(drafts, "Sandbox", hurried)
    endless = FAILS.replace(
        b"steps: []\nexpect: { status: closed }", b"steps: [{ repeat: 1000, steps: [{ pass: PT1H }] }]"
    )
    paths = [f"scenarios/{name}.yaml" for name in "abcd"]
    revision = drafts.keep(desk.engine, CLERK, "desk", dict.fromkeys(paths, endless), {})
    answer = visitor(desk.engine, CLERK).post("/processes/desk/draft/deploying", revision=revision)
    page = text_of(answer)
    assert (answer.status_code, len(live(desk))) == (422, 1)
    assert "Scenarios fail: scenarios/a.yaml, scenarios/b.yaml, scenarios/c.yaml, scenarios/d.yaml." in page
    assert "stopped after 20 seconds: others wait for who runs it; the rest of the scenario was not run" in page
    assert "scenarios/d.yaml: opening, line 1: not run: those before it took longer than 40 seconds" in page


def test_what_was_deployed_meanwhile_is_brought_in_first(desk: Desk) -> None:
    keep(desk, note=CHANGED, bye=b"Subject: Bye\n\nBye\n")
    others = {**desk_files(), NOTE: b"Subject: Theirs\n\nTheirs\n", "README.md": b"Since"}
    deployments.deploy(desk.engine, others, CLERK, "api")
    found = draft(desk)
    assert found.overtaken
    assert reads.overtaken_files(desk.engine, CLERK, found) == [NOTE]
    with pytest.raises(Conflict, match="Another version"):
        drafts.deploy(desk.engine, CLERK, "desk", found.revision)
    drafts.catch_up(desk.engine, CLERK, "desk", found.revision, theirs=[NOTE])
    found = draft(desk)
    assert (found.overtaken, found.version, set(found.changes)) == (False, 2, {"mail/bye.txt"})
    assert (found.contents[NOTE], found.contents["README.md"]) == (others[NOTE], b"Since")


def test_an_earlier_version_is_taken_back_through_the_draft(desk: Desk) -> None:
    drafts.deploy(desk.engine, CLERK, "desk", keep(desk, note=CHANGED, bye=b"Subject: Bye\n\nBye\n"))
    revision = drafts.take_back(desk.engine, CLERK, "desk", 1, draft(desk).revision)
    assert {path: file.change for path, file in draft(desk).changes.items()} == {
        NOTE: "changed",
        "mail/bye.txt": "removed",
    }
    assert drafts.deploy(desk.engine, CLERK, "desk", revision, "Back").version == 3
    assert draft(desk).contents == desk_files()


def test_a_package_keeps_its_name(desk: Desk) -> None:
    renamed = desk_files()["package.toml"].replace(b'id = "desk"', b'id = "bench"', 1)
    revision = drafts.keep(desk.engine, CLERK, "desk", {"package.toml": renamed}, {})
    with pytest.raises((Invalid, Refused)):
        drafts.deploy(desk.engine, CLERK, "desk", revision)
    assert len(live(desk)) == 1


def test_the_page_of_a_file_keeps_it_and_tells_what_is_wrong(desk: Desk) -> None:
    page = visitor(desk.engine, CLERK)
    answer = page.send(f"/processes/desk/draft/files/{NOTE}", {"content": "no subject", "revision": 0})
    told = answer.get_json()
    assert told["files"][NOTE]["revision"] == told["revision"] == 1
    assert NOTE in {problem["file"] for problem in told["problems"]}
    assert {"value": "look", "name": "look"} in told["offers"]["picks"]["form"]
    again = page.send(f"/processes/desk/draft/files/{NOTE}", {"content": "x", "revision": 0})
    assert again.status_code == 409
    assert page.send(f"/processes/desk/draft/files/{NOTE}", {"content": 1, "revision": 0}).status_code == 422


def test_expressions_are_offered_the_names_that_exist_there(desk: Desk) -> None:
    names = visitor(desk.engine, CLERK).get("/processes/desk/draft/looked.json").get_json()["offers"]["names"]
    assert "subject" in names["ticket"]
    assert "repair" in names["variables"]


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    packed.seek(0)
    return packed


def test_a_zip_takes_the_place_of_the_draft_and_a_file_that_of_its_like(desk: Desk) -> None:
    page = visitor(desk.engine, CLERK)
    files = {**desk_files(), "README.md": b"From a zip"}
    del files["mail/late.txt"]
    page.post("/processes/desk/draft/upload", revision="0", file=(zipped(files), "desk.zip"))
    assert draft(desk).contents == files
    page.post("/processes/desk/draft/upload", revision="1", file=(io.BytesIO(CHANGED), "note.txt"))
    assert draft(desk).contents[NOTE] == CHANGED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", zipped({"package.toml": b"0" * 30_000_000}).getvalue()),
        ("outside.zip", zipped({"../../package.toml": b"x"}).getvalue()),
        ("foreign.zip", zipped({**desk_files(), "run.exe": b"x"}).getvalue()),
        ("broken.zip", b"PK\3\4 nothing"),
        ("virus.exe", b"MZ"),
    ],
)
def test_a_hostile_upload_changes_nothing_and_is_told(desk: Desk, name: str, content: bytes) -> None:
    page = visitor(desk.engine, CLERK)
    answer = page.post("/processes/desk/draft/upload", revision="0", file=(io.BytesIO(content), name))
    assert answer.status_code in (413, 422)
    assert draft(desk).changes == {}


def test_pages_take_few_statements_however_many_files(desk: Desk) -> None:
    page = visitor(desk.engine, CLERK)
    keep(desk, note=CHANGED)
    counts = []
    for number in range(2):
        for place in (
            "/processes/desk/draft",
            "/processes/desk/draft/deploying",
            f"/processes/desk/draft/files/{NOTE}",
        ):
            page.get(place)
            with counting(desk.database) as counted:
                assert page.get(place).status_code == 200
            counts.append(len(counted))
        keep(desk, **{f"more{number}{n}": b"Subject: More\n\nMore\n" for n in range(10)})
    assert counts[:3] == counts[3:]
    assert max(counts) <= 16
