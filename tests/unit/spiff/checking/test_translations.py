"""What is missing in a package's other languages is told, and what is too much; nothing of it stops a deployment."""

from __future__ import annotations

from engine.spiff.versions import check_version, read_version
from tests.support.desk import desk_files

ENTRY = 'msgid "{text}"\nmsgstr "{translation}"\n\n'


def found(**files: bytes) -> set[str]:
    """What is said of the desk with these files beside its own."""
    more = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    problems = check_version({**desk_files(), **more})
    assert {problem.severity for problem in problems} <= {"warning"}
    return {problem.problem for problem in problems}


def test_a_package_in_one_language_has_nothing_to_translate() -> None:
    assert found() == set()


def test_each_text_that_is_not_translated_is_told() -> None:
    told = found(translations__it_po=ENTRY.format(text="Pairs", translation="Paia").encode())
    assert "“Pairs” of forms/look.form isn't translated." not in told
    assert "“Repair” has no text in the language `it`." in told
    assert "The mail late isn't translated." in told
    assert any(text.endswith("repair.bpmn isn't translated.") for text in told)


def test_a_text_that_nothing_says_is_told() -> None:
    assert "Nothing in the package says “Shoes?”." in found(
        translations__it_po=ENTRY.format(text="Shoes?", translation="x").encode()
    )
    content = b'msgctxt "repair.bpmn"\n' + ENTRY.format(text="Pairs", translation="Paia").encode()
    assert "Nothing in repair.bpmn says “Pairs”." in found(translations__it_po=content)


def test_a_mail_is_the_translation_of_another() -> None:
    told = found(mail__it__late_txt=b"Subject: Tardi\n\nTardi.", mail__it__never_txt=b"Subject: Mai\n\nMai.")
    assert "There is no mail/never.txt of which this is the translation." in told
    assert "The mail late isn't translated." not in told
    assert "The mail note isn't translated." in told


def test_a_translation_that_cannot_be_read_is_refused() -> None:
    files = {**desk_files(), "translations/it.po": b"Pairs = Paia", "mail/it/late.txt": b"no subject"}
    problems = [(problem.file, problem.severity) for problem in check_version(files) if problem.severity == "error"]
    assert problems == [("mail/it/late.txt", "error"), ("translations/it.po", "error")]


def test_the_packages_own_language_needs_no_file() -> None:
    files = {**desk_files(), "translations/en.po": b"", "mail/en/late.txt": b"Subject: Late\n\nLate."}
    told = {problem.problem for problem in check_version(files) if problem.severity == "error"}
    assert told == {
        "The package's texts are in the language `en` already.", "mail/en isn't called by another language.",
    }  # fmt: skip


def test_a_version_says_a_text_in_the_readers_language() -> None:
    content = ENTRY.format(text="Pairs", translation="Paia").encode()
    version = read_version({**desk_files(), "translations/it.po": content, "mail/it/late.txt": b"Subject: Tardi\n\nx"})
    schema = version.form_schema("look", "it")
    assert schema and schema["components"][0]["label"] == "Paia"
    assert version.forms["look"].schema["components"][0]["label"] == "Pairs"
    assert version.translated("Pairs", "en") == version.translated("Pairs", "fa") == "Pairs"
    assert version.form_schema("nothing", "it") is None
    assert [language for _, language in (version.mail("late", "it"), version.mail("note", "it"))] == ["it", "en"]
