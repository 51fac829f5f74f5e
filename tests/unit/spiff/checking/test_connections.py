"""What a package names in its diagrams is there."""

from __future__ import annotations

from pathlib import Path

from engine.spiff.versions import check_version

FOLDER = Path("tests/packages/klempner")
FILES = {str(p.relative_to(FOLDER)): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
ACTION = b'[[actions]]\nkey = "extra"\nlabel = { de = "Mehr" }\nroles = ["kunde"]\n'


def problems_with(lines: bytes) -> list[str]:
    changed = {**FILES, "package.toml": FILES["package.toml"] + b"\n" + ACTION + lines}
    return [p.problem for p in check_version(changed)]


def test_an_action_whose_message_nobody_waits_for_is_refused() -> None:
    assert any("waits for the message 'lost'" in told for told in problems_with(b'message = "lost"\n'))


def test_an_action_that_starts_no_process_is_refused() -> None:
    assert any("no process 'lost'" in told for told in problems_with(b'process = "lost"\n'))


def test_a_broken_package_toml_says_nothing_false_of_other_files() -> None:
    found = check_version({**FILES, "package.toml": b"id = "})
    assert {p.file for p in found} == {"package.toml"}


def test_a_broken_mail_or_form_is_not_called_missing() -> None:
    mail = next(name for name in FILES if name.endswith(".txt"))
    form = next(name for name in FILES if name.endswith(".form"))
    found = check_version({**FILES, mail: b"{{", form: b"{"})
    assert {p.file for p in found} == {mail, form}
