"""Packages and policies through the API: deployed, refused with all that is wrong, changed from what was read."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def test_a_package_is_deployed_as_zip_form_or_json(world):
    versions = []
    for number, way in enumerate(("zip", "form", "json"), start=1):
        files = {**world.files, "README.md": f"Text {number}".encode()}
        options: dict[str, Any] = {
            "zip": {"data": zipped(files), "content_type": "application/zip"},
            "form": {"data": {path: (io.BytesIO(content), path) for path, content in files.items()}},
            "json": {"json": {path: content.decode() for path, content in files.items()}},
        }[way]
        answer = world.admin("POST", "/packages?reason=test", **options)
        assert answer.status_code == 201, answer.text
        versions.append(answer.json["version"])
    assert versions == [2, 3, 4]
    listed = world.mechanic("GET", "/packages/workshop/versions").json["items"]
    assert [version["version"] for version in listed] == [4, 3, 2, 1]
    readme = world.mechanic("GET", "/packages/workshop/versions/3/files/README.md")
    assert readme.data == b"Text 2"
    content = world.mechanic("GET", "/packages/workshop/versions/1/files").data
    assert zipfile.ZipFile(io.BytesIO(content)).read("repair.bpmn") == world.files["repair.bpmn"]


def test_what_two_versions_differ_in_is_told_in_the_reader_s_language(world):
    form = world.files["forms/mend.form"].decode()
    changed = {
        **world.files,
        "README.md": b"",
        "forms/mend.form": form.replace('"required": true', '"required": false').encode(),
    }
    assert changed["forms/mend.form"] != world.files["forms/mend.form"]
    world.admin("POST", "/packages", data=zipped(changed), content_type="application/zip")
    place = "/packages/workshop/versions/2/differences"
    added, form = world.admin("GET", f"{place}?from=1").json["files"]
    assert (added["path"], added["kind"], added["changes"]) == ("README.md", "added", [])
    assert (form["path"], form["changes"][0]["words"]) == ("forms/mend.form", ["required: ‘yes’ → ‘no’"])
    told = world.admin("GET", f"{place}?from=1", headers={"Accept-Language": "it"}).json["files"][1]
    assert told["changes"][0]["words"] == ["obbligatorio: «sì» → «no»"]
    assert world.admin("GET", place).json == {"files": []}
    for number, other in ((3, 1), (2, 9)):
        assert world.admin("GET", f"/packages/workshop/versions/{number}/differences?from={other}").status_code == 404
    assert world.mechanic("GET", f"{place}?from=1").status_code == 404
    assert world.admin("GET", f"{place}?from=no").status_code == 422


def test_a_broken_package_is_refused_with_all_its_problems_and_nothing_is_stored(world):
    files = {**world.files, "repair.bpmn": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "forms/extra.form": b"{"}
    answer = world.admin("POST", "/packages", data=zipped(files), content_type="application/zip")
    assert answer.status_code == 422
    assert {problem["file"] for problem in answer.json["problems"]} >= {"repair.bpmn", "forms/extra.form"}
    checked = world.admin("POST", "/packages/check", data=zipped(files), content_type="application/zip").json
    assert not checked["deployable"]
    assert [p["file"] for p in checked["problems"]] == [p["file"] for p in answer.json["problems"]]
    assert world.mechanic("GET", "/packages/workshop").json["version"] == 1


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"../package.toml": b""}, 422),
        ({"package.toml": b"\0" * 20_000_000}, 413),
        ({"package.toml": b"id = 'x'", "run.py": b""}, 422),
        ({}, 422),
    ],
    ids=["path", "bomb", "foreign", "empty"],
)
def test_hostile_packages_are_refused(world, files, status):
    answer = world.admin("POST", "/packages", data=zipped(files), content_type="application/zip")
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


def test_who_may_not_deploy_is_refused(world):
    files = {**world.files, "README.md": b"mine now"}
    options = {"data": zipped(files), "content_type": "application/zip"}
    assert world.mechanic("POST", "/packages", **options).status_code == 403
    assert world.rider("POST", "/packages", **options).status_code == 403


def test_the_policy_is_changed_from_the_version_that_was_read(world):
    policy = world.admin("GET", "/packages/workshop/policy").json
    change = {"policy": policy["policy"], "expected_version": policy["version"], "reason": "test"}
    changed = world.admin("PUT", "/packages/workshop/policy", change)
    assert changed.status_code == 200, changed.text
    assert changed.json["version"] == policy["version"] + 1
    assert world.admin("PUT", "/packages/workshop/policy", change).status_code == 409
    assert world.mechanic("PUT", "/packages/workshop/policy", change).status_code == 403
    assert len(world.mechanic("GET", "/packages/workshop/policy/versions").json["items"]) == 2


def test_who_deploys_gets_a_scenario_out_of_a_ticket(world):
    opened = world.rider("POST", "/tickets", {"package": "workshop", "subject": "Squeaks", "text": "When braking"})
    path = f"/tickets/{opened.json['id']}/scenario"
    answer = world.admin("GET", path)
    assert answer.content_type == "text/yaml; charset=utf-8"
    assert "steps:" in answer.text and "Squeaks" not in answer.text
    assert world.rider("GET", path).status_code == 404
