"""What a package says in other languages: texts that nothing says, mails that nothing is, and what is left to do.

All of it warns: a text without translation is shown in the package's own language, and keeps nobody from working.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from engine.domain.errors import Problem
from engine.domain.forms import Form
from engine.domain.forms.wording import texts_of
from engine.domain.mail_texts import FOLDER as MAIL
from engine.domain.mail_texts import MailText
from engine.domain.package_files.tables import LANGUAGE
from engine.domain.packages import Label, Package
from engine.domain.said import said
from engine.domain.translations import FOLDER, Translation
from engine.spiff.model import Node, Process

#: further ones would only bury the first
MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that people read, in the package's own language, with where it stands."""

    file: str
    element: str
    text: str
    #: what is only seen on the diagram may stay as it is drawn
    needed: bool = True


def wordings(processes: Collection[Process], forms: Collection[Form]) -> Iterator[Wording]:
    """Every text of diagrams and forms that may be translated."""
    for process in processes:
        if process.name.strip() and not process.parent:
            yield Wording(process.file, process.id, name_of(process))
        for node in process.nodes.values():
            if node.name.strip():
                yield Wording(process.file, node.id, name_of(node))
        for lane in sorted({node.lane for node in process.nodes.values() if node.lane.strip()}):
            yield Wording(process.file, process.id, " ".join(lane.split()), needed=False)
        for flow in process.flows.values():
            if flow.name.strip():
                yield Wording(process.file, flow.id, " ".join(flow.name.split()), needed=False)
    for form in forms:
        for element, text in texts_of(form.schema):
            yield Wording(form.path, element, text)


def name_of(thing: Node | Process) -> str:
    """What is written on a shape, on one line."""
    return " ".join(thing.name.split())


def check_translations(
    package: Package,
    found: Collection[Wording],
    translations: Mapping[str, Translation],
    mails: Collection[str],
    translated_mails: Mapping[str, Mapping[str, MailText]],
) -> Iterator[Problem]:
    """What is wrong and what is missing, language by language. `mails`: names of those in the package's language."""
    for language, written in sorted(translated_mails.items()):
        yield from _mail_folder(package, language, written, mails)
    for language in sorted({*translations, *translated_mails} - {package.language}):
        translation = translations.get(language) or Translation(language, f"{FOLDER}/{language}.po")
        yield from islice(_unknown(translation, found), MAX_PROBLEMS)
        yield from islice(_missing(translation, found), MAX_PROBLEMS)
        yield from _labels(package, language)
        yield from _missing_mails(language, mails, translated_mails.get(language, {}))


def _unknown(translation: Translation, found: Collection[Wording]) -> Iterator[Problem]:
    known = {(wording.file, wording.text) for wording in found} | {("", wording.text) for wording in found}
    for entry in translation.entries:
        if (entry.context, entry.text) not in known:
            told = said("Nothing in the package says “{text}”.", text=entry.text[:80])
            if entry.context:
                told = said("Nothing in {file} says “{text}”.", file=entry.context[:80], text=entry.text[:80])
            remedy = said("Correct msgid, or remove the entry.")
            yield Problem(translation.path, told, remedy, line=entry.line, severity="warning")


def _missing(translation: Translation, found: Collection[Wording]) -> Iterator[Problem]:
    told: set[tuple[str, str]] = set()
    for wording in found:
        key = (wording.file, wording.text)
        if wording.needed and key not in told and translation.find(wording.text, wording.file) is None:
            told.add(key)
            problem = said("“{text}” of {file} isn't translated.", text=wording.text[:80], file=wording.file)
            remedy = said("Add it with msgid and msgstr.")
            yield Problem(translation.path, problem, remedy, element=wording.element, severity="warning")


def _labels(package: Package, language: str) -> Iterator[Problem]:
    for label in _labels_of(package):
        if language not in label:
            text = label.get(package.language, "")
            told = said("“{text}” has no text in the language `{language}`.", text=text[:80], language=language)
            yield Problem("package.toml", told, said("Add {language} = …", language=language), severity="warning")


def _labels_of(package: Package) -> Iterator[Label]:
    yield package.title
    groups = (
        package.statuses, package.request_types, package.categories, package.fields, package.departments,
        package.roles, package.actions, package.goals,
    )  # fmt: skip
    for group in groups:
        yield from (item.label for item in group.values())
    yield from (step.label for step in package.steps)
    yield from package.opening.hints
    for field in package.fields.values():
        yield from (choice.label for choice in field.choices)


def _mail_folder(
    package: Package, language: str, written: Mapping[str, MailText], mails: Collection[str]
) -> Iterator[Problem]:
    folder = f"{MAIL}/{language}"
    if not LANGUAGE.fullmatch(language) or language == package.language:
        told = said("{folder} isn't called by another language.", folder=folder)
        yield Problem(f"{folder}/{min(written)}.txt", told, said("Call it mail/en, for example."))
    for name in sorted(written.keys() - set(mails)):
        told = said("There is no mail/{name}.txt of which this is the translation.", name=name)
        yield Problem(f"{folder}/{name}.txt", told, said("Correct its name, or remove it."), severity="warning")


def _missing_mails(language: str, mails: Collection[str], written: Mapping[str, MailText]) -> Iterator[Problem]:
    for name in sorted(set(mails) - written.keys()):
        told = said("The mail {name} isn't translated.", name=name)
        remedy = said("Add mail/{language}/{name}.txt.", language=language, name=name)
        yield Problem(f"{MAIL}/{name}.txt", told, remedy, element=name, severity="warning")
