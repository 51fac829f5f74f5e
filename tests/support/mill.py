"""A small package with drawn diagrams that run into trouble, a mill; its files: `mill_package`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support.drawing import drawn
from tests.support.journeys import Company
from tests.support.partner import Partner

FOLDER = Path(__file__).with_name("mill_package")


def mill_files(partner: str = "http://127.0.0.1:9/") -> dict[str, bytes]:
    """The package's files; the scales are asked at `partner`."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    files["milling.bpmn"] = files["milling.bpmn"].replace(b"http://127.0.0.1:9/", partner.encode())
    return {path: drawn(content) if path.endswith(".bpmn") else content for path, content in files.items()}


@dataclass(frozen=True)
class Mill:
    """The mill at work: `carla` orders, `marta` is the miller and operates it, `paola` is staff and doesn't."""

    company: Company
    partner: Partner

    def order(self, subject: str) -> int:
        """A new ticket's id; the scales have been asked."""
        ticket = self.company["carla"].sends("/tickets", {"package": "mill", "subject": subject, "text": "x"}, 201)
        self.company.settle()
        return int(ticket["id"])

    def fill(self, ticket: int, sacks: int, status: int | None = None) -> None:
        """The miller says how many sacks; 0 can't be shared out."""
        (task,) = self.company["marta"].asks(f"/user-tasks?ticket={ticket}&box=all")["items"]
        self.company["marta"].sends(f"/user-tasks/{task['id']}/complete", {"data": {"sacks": sacks}}, status)

    def instance(self, ticket: int) -> str:
        """The id of its process."""
        (instance,) = self.company["marta"].asks(f"/tickets/{ticket}/instances")["items"]
        return str(instance["id"])
