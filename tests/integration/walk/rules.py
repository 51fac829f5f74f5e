"""Every route with who gets through it for what is theirs: said here once more, by hand, so that a slip shows.

A route that isn't here makes the walk fail: add it with the sentence that its reference page says of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.walk.visitors import (
    ADMINISTRATORS,
    CUSTOMERS,
    EVERYBODY,
    OPERATORS,
    PEOPLE_MANAGERS,
    SIGNED_IN,
    STAFF,
    Value,
)
from tests.integration.walk.world import HOME, PASSWORD

WRITERS = STAFF - {"owner", "operator"}
OPENERS = CUSTOMERS | {"agent", "pm", "manager", "administrator"}
POLICY_MAKERS = frozenset({"manager", "owner", "administrator"})
DEPLOYERS = frozenset({"owner", "administrator"})
HANDERS_OVER = frozenset({"pm", "manager", "administrator"})
#: whoever works on the case's ticket, or may do so in another's place
WORKERS = frozenset({"agent", "administrator"})
NONE: frozenset[str] = frozenset()
#: of what scripts send as JSON, and the walk as a form
NOT_JSON = (400, 422)


@dataclass(frozen=True)
class Rule:
    """A route. `to`: who gets through with what is theirs; of unsafe routes: whoever isn't in it changes nothing."""

    to: frozenset[str]
    #: values for names in the path that `visitors` has none for
    values: Mapping[str, Value] = field(default_factory=dict)
    #: what an unsafe request brings; {ticket_id} and the like are filled as in the path
    body: Mapping[str, Any] = field(default_factory=dict)
    #: queries that name what is foreign: {ticket_id} and the like are filled with it
    queries: tuple[str, ...] = ()
    #: the file that is uploaded
    file: bool = False
    #: a refusal is told on a page of its own, thing by thing
    tells: bool = False
    #: for those who get through, the status is one of these (default: any success)
    status: tuple[int, ...] = ()


SECRET = {"secret": "x" * 43}
PAGES: dict[str, Rule] = {
    # home and what belongs to nobody
    "GET /": Rule(SIGNED_IN),
    "GET /shortcuts": Rule(SIGNED_IN),
    "POST /language": Rule(EVERYBODY, body={"language": "en", "next": "/shortcuts"}),
    "POST /theme": Rule(EVERYBODY, body={"theme": "dark", "next": "/shortcuts"}),
    "GET /static/<path:name>": Rule(EVERYBODY, {"name": "manifest.json"}),
    "GET /colours/<name>.css": Rule(EVERYBODY, {"name": "0f172a"}),
    "GET /session.json": Rule(SIGNED_IN),
    "GET /healthz": Rule(EVERYBODY),
    "GET /readyz": Rule(EVERYBODY),
    "GET /readyz/worker": Rule(EVERYBODY, status=(200, 503)),
    # signing in
    "GET /sign-in": Rule(EVERYBODY),
    "POST /sign-in": Rule(EVERYBODY, body={"email": "nobody@home.example", "password": "x"}),
    "GET /sign-in/code": Rule(EVERYBODY),
    "POST /sign-in/code": Rule(EVERYBODY, body={"code": "000000"}),
    "POST /sign-out": Rule(EVERYBODY),
    "GET /recover": Rule(EVERYBODY),
    "POST /recover": Rule(EVERYBODY, body={"email": "nobody@home.example"}),
    "GET /recover/<secret>": Rule(EVERYBODY, SECRET, status=(200, 404, 410)),
    "POST /recover/<secret>": Rule(EVERYBODY, SECRET, {"password": PASSWORD, "again": PASSWORD}),
    "GET /invitation/<secret>": Rule(EVERYBODY, SECRET, status=(200, 404, 410)),
    "POST /invitation/<secret>": Rule(EVERYBODY, SECRET, {"password": PASSWORD, "again": PASSWORD}),
    # one's own account
    "GET /account": Rule(SIGNED_IN),
    "POST /account": Rule(SIGNED_IN, body={"name": "Me", "language": "en", "time_zone": "Europe/Rome"}),
    "GET /account/address": Rule(SIGNED_IN),
    "POST /account/address": Rule(SIGNED_IN, body={"email": "new@home.example", "current": PASSWORD}),
    "GET /account/address/<secret>": Rule(SIGNED_IN, SECRET, status=(200, 404, 410)),
    "POST /account/address/<secret>": Rule(SIGNED_IN, SECRET),
    "GET /account/password": Rule(SIGNED_IN),
    "POST /account/password": Rule(SIGNED_IN, body={"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}),
    "POST /account/sessions/<id:session_id>/end": Rule(SIGNED_IN),
    "POST /account/sessions/end-others": Rule(SIGNED_IN),
    "GET /account/tokens": Rule(SIGNED_IN),
    "POST /account/tokens": Rule(SIGNED_IN, body={"name": "mine", "days": "3"}),
    "POST /account/tokens/<id:token_id>/revoke": Rule(SIGNED_IN),
    "GET /account/two-factor": Rule(SIGNED_IN),
    "POST /account/two-factor": Rule(SIGNED_IN, body={"current": PASSWORD}),
    "POST /account/two-factor/codes": Rule(SIGNED_IN, body={"current": PASSWORD}),
    "POST /account/two-factor/off": Rule(SIGNED_IN, body={"current": PASSWORD}),
    "POST /account/two-factor/on": Rule(SIGNED_IN, body={"code": "000000"}),
    # people
    "GET /people": Rule(STAFF),
    "GET /people/accounts": Rule(PEOPLE_MANAGERS, queries=("company={company_id}", "package={package_id}", "text=xq")),
    "GET /people/accounts/new": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/new": Rule(PEOPLE_MANAGERS, body={"email": "a@home.example", "name": "A", "kind": "staff"}),
    "GET /people/accounts/<id:account_id>": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>": Rule(PEOPLE_MANAGERS, body={"name": "Other"}),
    "POST /people/accounts/<id:account_id>/address": Rule(PEOPLE_MANAGERS, body={"email": "other@home.example"}),
    "POST /people/accounts/<id:account_id>/disable": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/enable": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/invite-again": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/recover": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/roles/<key:package_id>": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/sessions/<id:session_id>/end": Rule(PEOPLE_MANAGERS),
    "POST /people/accounts/<id:account_id>/two-factor/off": Rule(PEOPLE_MANAGERS),
    "GET /people/companies": Rule(PEOPLE_MANAGERS, queries=("text=xq",)),
    "GET /people/companies/new": Rule(PEOPLE_MANAGERS),
    "POST /people/companies/new": Rule(PEOPLE_MANAGERS, body={"name": "Another"}),
    "GET /people/companies/<id:company_id>": Rule(PEOPLE_MANAGERS),
    "POST /people/companies/<id:company_id>": Rule(PEOPLE_MANAGERS, body={"name": "Another"}),
    # inbox and user tasks
    "GET /inbox": Rule(STAFF, queries=("package={package_id}", "task={user_task_id}", "q=xq")),
    "GET /inbox/list": Rule(STAFF, queries=("package={package_id}", "task={user_task_id}")),
    "GET /inbox/<id:user_task_id>": Rule(STAFF),
    "POST /user-tasks/<id:user_task_id>/claim": Rule(WORKERS | CUSTOMERS),
    "POST /user-tasks/<id:user_task_id>/release": Rule(WORKERS | HANDERS_OVER | CUSTOMERS),
    "POST /user-tasks/<id:user_task_id>/hand-over": Rule(HANDERS_OVER, body={"to": "1"}),
    "POST /user-tasks/<id:user_task_id>/complete": Rule(WORKERS | CUSTOMERS, body={"decision": "accept"}),
    # tickets
    "GET /tickets/new": Rule(OPENERS, queries=("package={package_id}",)),
    "POST /tickets/new": Rule(OPENERS, body={"package": HOME, "subject": "A new one", "text": "x"}),
    "POST /tickets/new/afresh": Rule(OPENERS, body={"package": HOME}),
    "POST /tickets/new/alike": Rule(SIGNED_IN, body={"package": HOME, "subject": "xqtickets", "text": "xqtickets"}),
    "GET /tickets/new/people": Rule(STAFF, queries=("package={package_id}&q=xq",), status=(200, 404)),
    "GET /tickets": Rule(
        SIGNED_IN, queries=("company={company_id}", "package={package_id}", "q=xq", "requester={account_id}")
    ),
    "GET /tickets.csv": Rule(STAFF, queries=("company={company_id}", "package={package_id}", "q=xq")),
    "GET /tickets/filters": Rule(STAFF, queries=("company={company_id}", "package={package_id}", "q=xq")),
    "GET /tickets/bulk": Rule(
        STAFF, queries=("ticket={ticket_id}&do=assign", "ticket={ticket_id}&do=note"), status=(200, 303, 403, 404, 422)
    ),
    "POST /tickets/bulk/assign": Rule(HANDERS_OVER, body={"ticket": ["{ticket_id}"], "account": "1"}, tells=True),
    "POST /tickets/bulk/note": Rule(
        WRITERS, body={"ticket": ["{ticket_id}"], "text": "Many", "public": "1"}, tells=True
    ),
    "GET /views": Rule(STAFF),
    "POST /views": Rule(STAFF, body={"name": "A view", "query": "status=open"}),
    "POST /views/<id:view_id>/begin-with": Rule(STAFF),
    "POST /views/<id:view_id>/remove": Rule(STAFF),
    "GET /tickets/<id:ticket_id>": Rule(SIGNED_IN),
    "GET /tickets/<id:ticket_id>/actions/<key:key>": Rule(SIGNED_IN - {"owner", "operator"}),
    "POST /tickets/<id:ticket_id>/actions/<key:key>": Rule(SIGNED_IN - {"owner", "operator"}, body={"reason": "so"}),
    "GET /tickets/<id:ticket_id>/attachments/<id:attachment_id>": Rule(SIGNED_IN),
    "GET /tickets/<id:ticket_id>/diagram": Rule(STAFF),
    "GET /tickets/<id:ticket_id>/edit/<key:name>": Rule(HANDERS_OVER, {"name": "subject"}),
    "POST /tickets/<id:ticket_id>/edit/<key:name>": Rule(HANDERS_OVER, {"name": "subject"}, {"value": "Other"}),
    "POST /tickets/<id:ticket_id>/notes": Rule(
        SIGNED_IN, body={"text": "A note", "visibility": "public", "attachment": ["{upload_id}"]}
    ),
    "GET /tickets/<id:ticket_id>/people": Rule(STAFF),
    "GET /tickets/<id:ticket_id>/related": Rule(STAFF),
    "GET /tickets/<id:ticket_id>/stream": Rule(STAFF),
    "GET /tickets/<id:ticket_id>/timeline": Rule(STAFF),
    "POST /tickets/<id:ticket_id>/unwatch": Rule(SIGNED_IN),
    "POST /tickets/<id:ticket_id>/watch": Rule(SIGNED_IN),
    "GET /drafts/<key:place>": Rule(SIGNED_IN, status=(200, 404)),
    "POST /drafts/<key:place>": Rule(SIGNED_IN),
    "POST /drafts/<key:place>/drop": Rule(SIGNED_IN),
    "POST /uploads/<key:place>": Rule(SIGNED_IN, file=True),
    "POST /uploads/<id:attachment_id>/discard": Rule(SIGNED_IN),
    # operations and diagrams
    "GET /operations": Rule(OPERATORS),
    "GET /operations/incidents": Rule(OPERATORS, queries=("package={package_id}", "ticket={ticket_id}")),
    "GET /operations/incidents/<id:incident_id>": Rule(OPERATORS),
    "POST /operations/incidents/<id:incident_id>/resolve": Rule(OPERATORS, body={"reason": "done elsewhere"}),
    "POST /operations/incidents/<id:incident_id>/retry": Rule(OPERATORS),
    "POST /operations/incidents/retry": Rule(OPERATORS, body={"package": "{package_id}"}),
    "GET /operations/instances": Rule(OPERATORS, queries=("package={package_id}", "ticket={ticket_id}")),
    "GET /operations/instances/<key:instance_id>": Rule(OPERATORS),
    "GET /operations/instances/<key:instance_id>/cancel": Rule(OPERATORS),
    "POST /operations/instances/<key:instance_id>/cancel": Rule(OPERATORS, body={"reason": "enough"}),
    "POST /operations/instances/<key:instance_id>/variables": Rule(OPERATORS, body={"name": "a", "value": "1"}),
    "GET /operations/jobs": Rule(OPERATORS, queries=("package={package_id}", "ticket={ticket_id}")),
    "GET /operations/jobs/<key:job_id>": Rule(OPERATORS),
    "POST /operations/jobs/<key:job_id>/retry": Rule(OPERATORS),
    "GET /operations/mails": Rule(OPERATORS, queries=("package={package_id}", "ticket={ticket_id}", "q=xq")),
    "GET /operations/mails/<key:mail_id>": Rule(OPERATORS),
    "GET /operations/mails/<key:mail_id>/html": Rule(OPERATORS),
    "POST /operations/mails/<key:mail_id>/retry": Rule(OPERATORS),
    "GET /operations/messages": Rule(OPERATORS, queries=("package={package_id}",)),
    "GET /operations/timers": Rule(OPERATORS, queries=("package={package_id}", "ticket={ticket_id}")),
    "GET /instances/<key:instance_id>/diagram.json": Rule(STAFF),
    "GET /diagrams/<id:deployment_id>/<file:path>": Rule(STAFF, {"path": "mrdoc.bpmn"}),
    # service levels
    "GET /service-levels": Rule(POLICY_MAKERS),
    "GET /service-levels/<key:package>": Rule(POLICY_MAKERS),
    "POST /service-levels/<key:package>": Rule(POLICY_MAKERS, status=(303, 422)),
    "GET /tickets/<id:ticket_id>/deadlines": Rule(STAFF),
    # processes
    "GET /processes": Rule(DEPLOYERS),
    "GET /processes/<key:package>": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/diagrams.json": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/files/<file:path>": Rule(DEPLOYERS, {"path": "package.toml"}),
    "GET /processes/<key:package>/versions/<id:version>/package.zip": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/differences": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/migrating": Rule(DEPLOYERS),
    "POST /processes/<key:package>/versions/<id:version>/migrating": Rule(DEPLOYERS, status=(303, 409, 422)),
    "GET /processes/<key:package>/migrations/<id:migration>": Rule(DEPLOYERS, {"migration": 1}, status=(200, 404)),
    "POST /processes/<key:package>/migrations/<id:migration>/stop": Rule(
        DEPLOYERS, {"migration": 1}, status=(404, 409)
    ),
    "GET /processes/<key:package>/draft": Rule(DEPLOYERS),
    "GET /processes/<key:package>/draft/looked.json": Rule(DEPLOYERS),
    "GET /processes/<key:package>/draft/files/<file:path>": Rule(DEPLOYERS, {"path": "package.toml"}),
    "GET /processes/<key:package>/draft/saved/<file:path>": Rule(DEPLOYERS, {"path": "package.toml"}),
    "GET /processes/<key:package>/draft/mails/<file:path>": Rule(NONE, {"path": "package.toml"}),
    "GET /processes/<key:package>/draft/deploying": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/scenarios": Rule(DEPLOYERS),
    "GET /processes/<key:package>/versions/<id:version>/scenarios/<file:path>": Rule(NONE, {"path": "package.toml"}),
    "GET /processes/<key:package>/versions/<id:version>/coverage.json": Rule(DEPLOYERS),
    "GET /processes/<key:package>/draft/scenarios": Rule(DEPLOYERS),
    "GET /processes/<key:package>/draft/scenarios/<file:path>": Rule(NONE, {"path": "package.toml"}),
    "GET /processes/<key:package>/draft/coverage.json": Rule(DEPLOYERS),
    "POST /tickets/<id:ticket_id>/scenario": Rule(DEPLOYERS, status=(303, 409)),
    "POST /processes/<key:package>/draft/files/<file:path>": Rule(DEPLOYERS, {"path": "package.toml"}, status=NOT_JSON),
    "POST /processes/<key:package>/draft/settings.json": Rule(DEPLOYERS, status=NOT_JSON),
    "POST /processes/<key:package>/draft/here": Rule(DEPLOYERS, status=NOT_JSON),
    "POST /processes/<key:package>/draft/new": Rule(DEPLOYERS, body={"kind": "mail", "name": "A word"}),
    "POST /processes/<key:package>/draft/upload": Rule(DEPLOYERS, body={"revision": "0"}, file=True),
    "POST /processes/<key:package>/draft/remove": Rule(DEPLOYERS, body={"path": "package.toml", "revision": "0"}),
    "POST /processes/<key:package>/draft/undo": Rule(DEPLOYERS, body={"path": "package.toml", "revision": "0"}),
    "POST /processes/<key:package>/draft/discard": Rule(DEPLOYERS, body={"revision": "0"}, status=(303, 409)),
    "POST /processes/<key:package>/draft/take-back": Rule(DEPLOYERS, body={"version": "1"}, status=(303, 409, 422)),
    "POST /processes/<key:package>/draft/catch-up": Rule(DEPLOYERS, body={"revision": "0"}, status=(303, 409)),
    "POST /processes/<key:package>/draft/deploying": Rule(DEPLOYERS, body={"revision": "0"}, status=(303, 409, 422)),
    "GET /processes/<key:package>/versions/<id:version>/saved/<file:path>": Rule(DEPLOYERS, {"path": "package.toml"}),
}  # fmt: skip

API: dict[str, Rule] = {
    "GET /docs": Rule(EVERYBODY),
    "GET /docs/favicon-32x32.png": Rule(EVERYBODY),
    "GET /docs/start.js": Rule(EVERYBODY),
    "GET /docs/swagger-ui-bundle.js": Rule(EVERYBODY),
    "GET /docs/swagger-ui.css": Rule(EVERYBODY),
    "GET /openapi.json": Rule(EVERYBODY),
    "GET /accounts": Rule(PEOPLE_MANAGERS, queries=("company={company_id}", "package={package_id}", "text=xq")),
    "POST /accounts": Rule(PEOPLE_MANAGERS, body={"email": "a@home.example", "name": "A", "kind": "staff"}),
    "POST /accounts/invite": Rule(PEOPLE_MANAGERS, body={"email": "b@home.example", "name": "B", "kind": "staff"}),
    "GET /accounts/me": Rule(SIGNED_IN),
    "GET /accounts/<id:account_id>": Rule(PEOPLE_MANAGERS | CUSTOMERS),
    "PATCH /accounts/<id:account_id>": Rule(PEOPLE_MANAGERS | CUSTOMERS, body={"name": "Other"}),
    "POST /accounts/<id:account_id>/disable": Rule(PEOPLE_MANAGERS),
    "POST /accounts/<id:account_id>/enable": Rule(PEOPLE_MANAGERS),
    "POST /accounts/<id:account_id>/invite-again": Rule(PEOPLE_MANAGERS),
    "PUT /accounts/<id:account_id>/memberships/<key:package>": Rule(PEOPLE_MANAGERS, body={"roles": {"customer": []}}),
    "PUT /accounts/<id:account_id>/password": Rule(
        ADMINISTRATORS | CUSTOMERS, body={"password": PASSWORD, "current": PASSWORD}
    ),
    "GET /accounts/<id:account_id>/sessions": Rule(PEOPLE_MANAGERS | CUSTOMERS),
    "DELETE /accounts/<id:account_id>/sessions": Rule(PEOPLE_MANAGERS | CUSTOMERS),
    "DELETE /accounts/<id:account_id>/sessions/<id:session_id>": Rule(PEOPLE_MANAGERS | CUSTOMERS),
    "POST /accounts/<id:account_id>/two-factor/off": Rule(PEOPLE_MANAGERS),
    "GET /companies": Rule(PEOPLE_MANAGERS, queries=("text=xq",)),
    "POST /companies": Rule(PEOPLE_MANAGERS, body={"name": "Another"}),
    "GET /companies/<id:company_id>": Rule(PEOPLE_MANAGERS | CUSTOMERS),
    "PATCH /companies/<id:company_id>": Rule(PEOPLE_MANAGERS, body={"name": "Other"}),
    # lists of what one operates are empty for who operates nothing
    "GET /incidents": Rule(SIGNED_IN, queries=("ticket={ticket_id}", "package={package}")),
    "GET /incidents/<id:incident_id>": Rule(OPERATORS),
    "POST /incidents/<id:incident_id>/retry": Rule(OPERATORS, body={"variables": {}}),
    "POST /instances/<key:instance>/cancel": Rule(OPERATORS, body={"reason": "enough"}),
    "GET /jobs": Rule(SIGNED_IN, queries=("ticket={ticket_id}", "package={package}")),
    "GET /mails": Rule(SIGNED_IN, queries=("ticket={ticket_id}", "package={package}")),
    "GET /messages": Rule(SIGNED_IN, queries=("package={package}",)),
    "POST /signals": Rule(OPERATORS, body={"package": "{package}", "name": "alarm"}),
    "POST /messages": Rule(OPERATORS, body={"package": "{package}", "name": "answer", "key": "nobody"}),
    "GET /operations": Rule(SIGNED_IN),
    "GET /timers": Rule(SIGNED_IN, queries=("package={package}", "ticket={ticket_id}")),
    "GET /instances": Rule(SIGNED_IN, queries=("package={package}", "ticket={ticket_id}")),
    "GET /instances/<key:instance>": Rule(OPERATORS),
    "PATCH /instances/<key:instance>/variables": Rule(OPERATORS, body={"variables": {"a": 1}}),
    "GET /mails/<key:mail>": Rule(OPERATORS),
    "POST /mails/<key:mail>/retry": Rule(OPERATORS),
    "POST /jobs/<key:job>/retry": Rule(OPERATORS),
    "POST /incidents/<id:incident_id>/resolve": Rule(OPERATORS, body={"reason": "done elsewhere"}),
    "GET /packages": Rule(SIGNED_IN),
    "POST /packages": Rule(DEPLOYERS, body={"package.toml": "id = 'x'"}),
    "POST /packages/check": Rule(DEPLOYERS, body={"package.toml": "id = 'x'"}),
    "GET /packages/<key:package>": Rule(SIGNED_IN),
    "POST /packages/<key:package>/migrations": Rule(DEPLOYERS, body={"version": 1}),
    "GET /packages/<key:package>/migrations/<id:migration_id>": Rule(DEPLOYERS),
    "GET /packages/<key:package>/migrations/<id:migration_id>/stayed": Rule(DEPLOYERS),
    "POST /packages/<key:package>/migrations/<id:migration_id>/stop": Rule(DEPLOYERS, status=(409,)),
    "POST /packages/<key:package>/migrations/check": Rule(DEPLOYERS, body={"version": 1}),
    "POST /packages/<key:package>/migrations/check/tickets": Rule(DEPLOYERS, body={"version": 1}),
    "GET /packages/<key:package>/policy": Rule(STAFF),
    "PUT /packages/<key:package>/policy": Rule(POLICY_MAKERS, body={"policy": {}, "expected_version": 1}),
    "GET /packages/<key:package>/policy/versions": Rule(STAFF),
    "GET /packages/<key:package>/versions": Rule(STAFF),
    "GET /packages/<key:package>/versions/<id:version>/differences": Rule(DEPLOYERS),
    "GET /packages/<key:package>/versions/<id:version>/files": Rule(STAFF),
    "GET /packages/<key:package>/versions/<id:version>/files/<file:path>": Rule(STAFF, {"path": "package.toml"}),
    "GET /sessions": Rule(SIGNED_IN),
    "DELETE /sessions/<id:session_id>": Rule(SIGNED_IN),
    "GET /tickets": Rule(
        SIGNED_IN, queries=("company={company_id}", "package={package}", "text=xq", "requester={account_id}")
    ),
    "POST /tickets": Rule(
        OPENERS, body={"package": HOME, "subject": "A new one", "text": "x", "requester": "{account_id}"}
    ),
    "GET /tickets/<id:ticket_id>": Rule(SIGNED_IN),
    "PATCH /tickets/<id:ticket_id>": Rule(HANDERS_OVER, body={"fields": {"subject": "Other"}}),
    "GET /tickets/<id:ticket_id>/actions": Rule(SIGNED_IN),
    "POST /tickets/<id:ticket_id>/actions/<key:action>": Rule(
        SIGNED_IN - {"owner", "operator"}, body={"data": {"reason": "enough"}}
    ),
    "GET /tickets/<id:ticket_id>/attachments": Rule(SIGNED_IN),
    "POST /tickets/<id:ticket_id>/attachments": Rule(SIGNED_IN - {"owner", "operator"}, file=True),
    "GET /tickets/<id:ticket_id>/attachments/<id:attachment_id>": Rule(SIGNED_IN),
    "GET /tickets/<id:ticket_id>/attachments/<id:attachment_id>/content": Rule(SIGNED_IN),
    "GET /tickets/<id:ticket_id>/instances": Rule(SIGNED_IN),
    "GET /tickets/<id:ticket_id>/journal": Rule(STAFF),
    "POST /tickets/<id:ticket_id>/migrate": Rule(DEPLOYERS, body={"version": 1}),
    "GET /tickets/<id:ticket_id>/notes": Rule(SIGNED_IN),
    "POST /tickets/<id:ticket_id>/notes": Rule(SIGNED_IN - {"owner", "operator"}, body={"text": "A note"}),
    "GET /tickets/<id:ticket_id>/scenario": Rule(DEPLOYERS, status=(200, 409)),
    "GET /tickets/<id:ticket_id>/people": Rule(STAFF),
    "PUT /tickets/<id:ticket_id>/people/<id:account_id>": Rule(SIGNED_IN),
    "DELETE /tickets/<id:ticket_id>/people/<id:account_id>": Rule(SIGNED_IN),
    "GET /tokens": Rule(SIGNED_IN),
    "POST /tokens": Rule(EVERYBODY, body={"email": "nobody@home.example", "password": "x"}),
    "DELETE /tokens/<id:token_id>": Rule(SIGNED_IN),
    "GET /user-tasks": Rule(SIGNED_IN, queries=("ticket={ticket_id}", "package={package}")),
    "GET /user-tasks/<id:user_task_id>": Rule(SIGNED_IN),
    "POST /user-tasks/<id:user_task_id>/claim": Rule(WORKERS | CUSTOMERS),
    "POST /user-tasks/<id:user_task_id>/release": Rule(WORKERS | HANDERS_OVER | CUSTOMERS),
    "POST /user-tasks/<id:user_task_id>/hand-over": Rule(HANDERS_OVER, body={"to": 1}),
    "POST /user-tasks/<id:user_task_id>/complete": Rule(WORKERS | CUSTOMERS, body={"data": {"decision": "accept"}}),
}  # fmt: skip

API_ROOT = "/api/v1"
RULES: dict[str, Rule] = PAGES | {
    f"{method} {API_ROOT}{path}": rule for line, rule in API.items() for method, _, path in [line.partition(" ")]
}
