"""The tutorial's last part: its package started, and its requests sent as they are written."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from tests.support.processes import Served
from tests.support.workshop import TUTORIAL, write_workshop


def test_its_requests_do_what_it_says(tmp_path: Path) -> None:
    write_workshop(tmp_path / "workflows")
    served = Served(tmp_path, database_url=f"sqlite:///{tmp_path}/iter.sqlite3", workflows=tmp_path / "workflows")
    served.start()
    try:
        (block,) = re.findall(r"^```sh\n(.*?)^```$", TUTORIAL.read_text(), re.MULTILINE | re.DOTALL)
        requests = block.replace("\\\n", " ").replace("http://127.0.0.1:8000", served.url).splitlines()
        environment = {**os.environ, "TOKEN": served.printed(r"API token: (\S+)")}
        answers = [
            json.loads(subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=True).stdout)
            for line in requests
        ]
    finally:
        served.kill()
    opened, listed, completed = answers
    assert opened["status"] == "in_the_shop"
    assert [task["element"] for task in listed["items"]] == ["mend"]
    assert completed == {"user_task_id": listed["items"][0]["id"], "ticket_id": opened["id"], "ended": True}
