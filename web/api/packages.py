"""Process packages: list, read, their versions and files; deploy, check."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from flask import Response, request
from pydantic import Field as Limits

from engine.commands.packages import deployments
from engine.queries.packages import checks, standing
from engine.queries.packages import versions as reads
from engine.queries.packages.differences import between
from web.http.operations import JSON, Call, Created, Input, Output, Routes, json_object, wrong_media_type
from web.http.paths import Id
from web.http.told import Told
from web.package_sources import admit, from_json, from_zip, to_zip

routes = Routes("packages")

ZIP, MULTIPART = "application/zip", "multipart/form-data"
UPLOADS = (ZIP, MULTIPART, JSON)


class Labelled(Output):
    """A key with what it is called in each language."""

    key: str
    label: dict[str, str]


class Status(Labelled):
    """A state of a ticket."""

    kind: Literal["waiting_us", "waiting_customer", "open", "closed", "cancelled"]
    colour: str


class Role(Labelled):
    """What somebody is in a package, and what they may do there."""

    kind: Literal["staff", "customer"]
    may: list[str]


class Field(Labelled):
    """A field of tickets beside the built-in ones."""

    type: Literal["text", "number", "boolean", "date", "datetime", "choice"]
    visible_to: list[str]
    choices: list[Labelled]


class Package(Output):
    """A process package in its latest version."""

    id: str
    title: dict[str, str]
    version: int
    hash: str
    deployed_at: datetime


class FullPackage(Package):
    """A package with the words that its tickets use."""

    language: str
    time_zone: str
    process: str
    statuses: list[Status]
    request_types: list[Labelled]
    categories: list[Labelled]
    departments: list[Labelled]
    roles: list[Role]
    steps: list[Labelled]
    fields: list[Field]
    files: list[str]


class Packages(Output):
    """All packages that one may see."""

    items: list[Package]


class Version(Output):
    """One deployment of a package."""

    id: int
    version: int
    hash: str
    source: str
    reason: str
    deployed_at: datetime
    deployed_by: int


class Versions(Output):
    """All deployments of a package, newest first."""

    items: list[Version]


class Change(Output):
    """One thing in a file that isn't the same; `words` say what, `moved` only stands elsewhere."""

    kind: Literal["added", "changed", "removed", "moved"]
    type: str
    id: str
    label: Told
    words: list[Told]


class FileDifference(Output):
    """A file that isn't the same: what changed in it, or lines of a text; `left_out` counts those beyond."""

    path: str
    kind: Literal["added", "changed", "removed"]
    changes: list[Change]
    text: list[str]
    left_out: int


class Differences(Output):
    """The files that aren't the same, by path."""

    files: list[FileDifference]


class DifferencesQuery(Input):
    """The version that it is compared with; the one in force where none is named."""

    older: Annotated[Id | None, Limits(alias="from")] = None


class DeployQuery(Input):
    """Why, for the list of versions."""

    reason: Annotated[str, Limits(max_length=500)] = ""


class Deployed(Output):
    """What a deployment led to; `created` is false where the latest version has these files, `policy` says whether
    its service levels were taken over or Iter's own kept."""

    id: int
    package: str
    version: int
    hash: str
    created: bool
    policy: Literal["first", "taken", "same", "kept"]


class Finding(Output):
    """One thing that is wrong in a package."""

    file: str
    element: str
    label: str
    line: int
    problem: str
    remedy: str
    severity: Literal["error", "warning"]


class Findings(Output):
    """All that is wrong; `deployable` where none of it is an error."""

    deployable: bool
    problems: list[Finding]


@routes.add("GET", "/packages", scope="read", gives=Packages)
def list_packages(call: Call) -> Any:
    """List the packages that one may see."""
    return {"items": reads.listed(call.engine, call.actor)}


@routes.add("GET", "/packages/<key:package>", scope="read", gives=FullPackage)
def read(call: Call, package: str) -> Any:
    """Read a package in its latest version."""
    return reads.one(call.engine, call.actor, package)


@routes.add("GET", "/packages/<key:package>/versions", scope="read", gives=Versions)
def versions(call: Call, package: str) -> Any:
    """List the versions of a package, newest first."""
    return {"items": reads.versions(call.engine, call.actor, package)}


@routes.add("GET", "/packages/<key:package>/versions/<id:version>/files", scope="read", gives=None)
def files(call: Call, package: str, version: int) -> Response:
    """Get all files of a version as a zip."""
    return Response(to_zip(reads.files(call.engine, call.actor, package, version)), mimetype=ZIP)


@routes.add("GET", "/packages/<key:package>/versions/<id:version>/files/<file:path>", scope="read", gives=None)
def file(call: Call, package: str, version: int, path: str) -> Response:
    """Get one file of a version."""
    content = reads.file(call.engine, call.actor, package, version, path)
    return Response(content, mimetype="application/octet-stream")


@routes.add(
    "GET", "/packages/<key:package>/versions/<id:version>/differences",
    scope="read", query=DifferencesQuery, gives=Differences,
)  # fmt: skip
def differences(call: Call, package: str, version: int, query: DifferencesQuery) -> Any:
    """Say what isn't the same in a version and an older one, element by element. For who deploys the package."""
    older = query.older or standing.one(call.engine, call.actor, package).version
    return between(call.engine, call.actor, package, older, version)


@routes.add("POST", "/packages", scope="admin", media=UPLOADS, query=DeployQuery, gives=Deployed, status=201)
def deploy(call: Call, query: DeployQuery) -> Any:
    """Deploy a package: as a zip, as a form with one file part per path, or as JSON `{path: text or {"base64": …}}`.

    What is wrong with it is answered with 422 and the list of all `problems`; then nothing is stored.
    """
    checks.require_deployer(call.engine, call.actor)
    deployment = deployments.deploy(call.engine, _uploaded(call), call.actor, "api", query.reason)
    return Created(deployment, f"/packages/{deployment.package}")


@routes.add("POST", "/packages/check", scope="read", media=UPLOADS, gives=Findings, keyed=False)
def check(call: Call) -> Any:
    """Check a package as deploying would, and store nothing. For who deploys some package."""
    checks.require_deployer(call.engine, call.actor)
    found = checks.check(_uploaded(call))
    return {"deployable": all(one.severity != "error" for one in found), "problems": found}


def _uploaded(call: Call) -> dict[str, bytes]:
    """The files of the present request."""
    limit = call.settings.max_package
    if request.mimetype == ZIP:
        return from_zip(request.get_data(), limit)
    if request.mimetype == JSON:
        return from_json(json_object(), limit)
    if request.mimetype == MULTIPART:
        return admit({part.filename or name: part.read() for name, part in request.files.items(multi=True)}, limit)
    raise wrong_media_type(*UPLOADS)
