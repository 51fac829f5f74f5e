"""One ticket as the people of a company see it over HTTP, with its mails as the SMTP server received them."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.support.journeys import ADDRESS, PACKAGE, Company, local
from tests.support.smtp import ReceivedMail


class Ticket:
    """A ticket that somebody opened. `paola`, the PM, sees all of it: what isn't said of others is asked as her."""

    def __init__(self, company: Company, opener: str, subject: str, text: str = "", requester: str = "") -> None:
        self.company = company
        self._seen = len(company.smtp.mails)
        body: dict[str, Any] = {"package": PACKAGE, "subject": subject, "text": text}
        if requester:
            body["requester"] = company[requester].id
        answer = company[opener].sends("/tickets", body, 201)
        self.id: int = answer["id"]
        self.number: str = answer["number"]
        self.path = f"/tickets/{self.id}"

    def read(self, by: str = "paola") -> dict[str, Any]:
        """As the API shows it."""
        return dict(self.company[by].asks(self.path))

    @property
    def state(self) -> str:
        """The two words that are shown together: request type · status."""
        ticket, words = self.read(), self.company.words
        return f"{words['request_type'][ticket['request_type']]} · {words['status'][ticket['status']]}"

    @property
    def deadlines(self) -> dict[str, str]:
        """Each clock: its deadline in local time, or paused, met, missed, stopped."""
        return {clock["goal"]: _told(clock) for clock in self.read()["clocks"]}

    @property
    def tasks(self) -> dict[str, str]:
        """Open user tasks by element: whose each is, by name, or the groups to which it is offered."""
        items = self.company["paola"].asks(f"/user-tasks?ticket={self.id}")["items"]
        return {item["element"]: item["assignee_name"].lower() or " ".join(item["groups"]) for item in items}

    def may_do(self, element: str) -> set[str]:
        """Everybody who finds the user task in one of their own lists."""
        boxes = [f"/user-tasks?ticket={self.id}&box={box}" for box in ("mine", "claimable")]
        return {
            name
            for name, person in self.company.people.items()
            if name != "admin" and any(i["element"] == element for box in boxes for i in person.asks(box)["items"])
        }

    def task(self, element: str) -> int:
        """The id of an open user task."""
        items = self.company["paola"].asks(f"/user-tasks?ticket={self.id}")["items"]
        found = [item["id"] for item in items if item["element"] == element]
        assert len(found) == 1, f"{element} isn't open once: {[item['element'] for item in items]}"
        return int(found[0])

    def done(self, by: str, element: str, *, status: int = 200, **data: Any) -> Any:
        """Somebody completes a user task."""
        return self.company[by].sends(f"/user-tasks/{self.task(element)}/complete", {"data": data}, status)

    def note(self, by: str, text: str, expects: str = "nobody", *, public: bool = True, status: int = 201) -> Any:
        """Somebody writes a note."""
        return self.company[by].sends(
            f"{self.path}/notes", {"text": text, "expects": expects, "public": public}, status
        )

    def notes(self, by: str) -> list[str]:
        """`name: text` of the notes that somebody sees."""
        items = self.company[by].asks(f"{self.path}/notes?limit=200")["items"]
        return [f"{item['author_name'].lower()}: {item['text']}" for item in items]

    def act(self, by: str, action: str, *, status: int = 200, **data: Any) -> Any:
        """Somebody takes an action."""
        return self.company[by].sends(f"{self.path}/actions/{action}", {"data": data}, status)

    def actions(self, by: str) -> set[str]:
        """What somebody is offered to do."""
        return {item["key"] for item in self.company[by].asks(f"{self.path}/actions")["items"]}

    def received(self) -> list[ReceivedMail]:
        """The mails about it that the SMTP server got since the last look, each as it must be."""
        self.company.settle()
        mails = self.company.smtp.mails
        fresh, self._seen = mails[self._seen :], len(mails)
        ours = [mail for mail in fresh if mail.subject.startswith(f"[{self.number}] ")]
        for mail in ours:
            self._check(mail)
        return ours

    def mails(self) -> list[str]:
        """`name: subject` of those mails, sorted."""
        names = {person.email: name for name, person in self.company.people.items()}
        return sorted(f"{names[mail.recipients[0]]}: {mail.subject.partition('] ')[2]}" for mail in self.received())

    def _check(self, mail: ReceivedMail) -> None:
        """One recipient, whose address alone it shows; plain and HTML say the same; a Message-ID of its own."""
        (recipient,) = mail.recipients
        assert [address.addr_spec for address in mail.message["To"].addresses] == [recipient]
        assert not mail.message["Cc"] and not mail.message["Bcc"]
        whole = "\n".join([*map(str, mail.message.values()), mail.body("plain"), mail.body("html")])
        assert {p.email for p in self.company.people.values() if p.email in whole} == {recipient}
        assert mail.message.get_content_type() == "multipart/alternative"
        link = f"{ADDRESS}/tickets/{self.id}"
        for kind in ("plain", "html"):
            assert link in mail.body(kind), f"{kind} of {mail.subject} has no link: {mail.body(kind)}"
        assert _said(mail.body("plain").replace(link, "")) <= _said(mail.body("html"))
        assert re.fullmatch(r"<[0-9a-f]{40}@mrdoc\.example>", mail.message_id)
        assert len({other.message_id for other in self.company.smtp.mails}) == len(self.company.smtp.mails)
        assert local(mail.message["Date"].datetime.isoformat()) <= local(self.company.clock().isoformat())

    def journal(self) -> list[dict[str, Any]]:
        """All entries, oldest first, in as many pages as it takes."""
        entries: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.company["paola"].asks(f"{self.path}/journal?limit=200{cursor}")
            entries += page["items"]
            if page["next"] is None:
                return entries
            cursor = f"&cursor={page['next']}"

    def commands(self) -> list[str]:
        """Who did what when: `2026-03-27 16:00 carla tickets.open`; with the element where there is one."""
        return [_line(entry) for entry in self.journal() if entry["kind"] == "command"]

    def happened(self, kind: str) -> list[str]:
        """When an effect of a kind came at which element: `2026-03-27 16:00 check_overdue`."""
        return [f"{local(entry['at'])} {entry['element']}".strip() for entry in self.journal() if entry["kind"] == kind]


def _told(clock: dict[str, Any]) -> str:
    if clock["stopped_at"]:
        return {True: "met", False: "missed", None: "stopped"}[clock["met"]]
    return "paused" if clock["paused_since"] else local(clock["deadline"])


def _line(entry: dict[str, Any]) -> str:
    words = [local(entry["at"]), entry["actor_name"].lower() or "system", entry["command"], entry["element"]]
    return " ".join(word for word in words if word)


def _said(text: str) -> set[str]:
    """The words of a text or page."""
    page = re.sub(r"<head>.*?</head>|<[^>]+>", " ", text, flags=re.DOTALL)
    return set(re.findall(r"\w+", html.unescape(page).lower()))
