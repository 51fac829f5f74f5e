"""A package version: all files of a package, read, checked and ready to run. Slow; kept by content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.errors import Problem, Refused
from engine.domain.forms import Form, read_form
from engine.domain.forms.wording import reworded
from engine.domain.mail_texts.texts import MailText, read_mails, read_translated_mails
from engine.domain.package_files import read_package
from engine.domain.packages import Package
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.domain.translations import Translation, read_translations
from engine.spiff.checking.code import check_code
from engine.spiff.checking.connections import check_calls, check_connections, check_correlations
from engine.spiff.checking.contents import check_contents
from engine.spiff.checking.references import Surroundings, check_references
from engine.spiff.checking.sizes import check_sizes
from engine.spiff.checking.starting import started_variables
from engine.spiff.checking.structure import check_structure
from engine.spiff.checking.texts import check_timers
from engine.spiff.checking.translations import check_translations, wordings
from engine.spiff.decisions import Decision, policy_from_decision, read_decisions
from engine.spiff.definitions import Definitions
from engine.spiff.demonstration import check_demonstration, read_demonstration
from engine.spiff.model import Process
from engine.spiff.parsing.bpmn import MAX_ELEMENTS, read_diagram

#: kinds of files that a package may hold; anything else is refused
SUFFIXES = (".toml", ".bpmn", ".dmn", ".form", ".txt", ".html", ".yaml", ".md", ".po")
POLICY_FILE, POLICY_DECISION = "sla.dmn", "sla"
#: types of jobs that a diagram may ask for
JOB_TYPES = frozenset({"webhook"})


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """One immutable version of a package."""

    hash: str
    package: Package
    definitions: Definitions
    forms: Mapping[str, Form]
    mails: Mapping[str, MailText]
    policy: Policy
    files: Mapping[str, bytes]
    #: what the package says in other languages, by language
    translations: Mapping[str, Translation] = field(default_factory=dict)
    translated_mails: Mapping[str, Mapping[str, MailText]] = field(default_factory=dict)

    def translated(self, text: str, language: str, *files: str) -> str:
        """A text of the package's in the reader's language: as it is meant in one of the files, else anywhere.

        It is given back as it is where nobody translated it, or the language is the package's own.
        """
        translation = self.translations.get(language)
        return text if translation is None else translation.find(text, *files) or text

    def form_schema(self, name: str, language: str = "") -> dict[str, Any] | None:
        """The form-js schema of a form, with its texts in the reader's language; None for one that isn't there."""
        form = self.forms.get(name)
        if form is None:
            return None
        return reworded(form.schema, lambda text: self.translated(text, language, form.path))

    def mail(self, name: str, language: str) -> tuple[MailText, str]:
        """A mail's text in the recipient's language, else in the package's own; and the language that it is in."""
        translated = self.translated_mails.get(language, {}).get(name)
        return (translated, language) if translated else (self.mails[name], self.package.language)


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over all paths and contents, in the order of the paths."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode("utf-8", "surrogatepass"), files[path]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def read_version(files: Mapping[str, bytes], trusted: bool = False) -> PackageVersion:
    """The package version that the files are. Raises `Refused` with every problem found.

    `trusted`: the files were accepted before by this very check (they come from the database), so that only what
    is needed to run them is done again.
    """
    if not trusted and (oversized := check_sizes(files)):
        raise Refused(oversized)
    reading = Reading(files)
    problems = [] if trusted else [p for p in reading.check() if p.severity == "error"]
    if problems or reading.package is None or reading.policy is None:
        raise Refused(problems or reading.problems)
    return PackageVersion(
        hash=reading.hash,
        package=reading.package,
        definitions=Definitions(reading.hash, reading.processes, reading.decisions, reading.package.time_zone),
        forms=reading.forms,
        mails=reading.mails,
        policy=reading.policy,
        files=files,
        translations=reading.translations,
        translated_mails=reading.translated_mails,
    )


def check_version(files: Mapping[str, bytes]) -> list[Problem]:
    """Everything that is wrong with a package, in one pass, file by file."""
    return check_sizes(files) or Reading(files).check()


def check_diagram(path: str, content: bytes) -> list[Problem]:
    """What is wrong with a diagram by itself, with no package around it, in one pass."""
    diagram = read_diagram(path, content)
    found = list(diagram.problems)
    for process in diagram.processes.values():
        found += [*check_structure(process), *check_contents(process), *check_timers(process, ZoneInfo("UTC"))]
    found += check_code(diagram.processes)
    return sorted(dict.fromkeys(found), key=lambda p: p.line)


class Reading:
    """The files of a package, read as far as they can be."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.hash = content_hash(files)
        self.problems: list[Problem] = list(_foreign(files))
        self.package, problems = read_package(files)
        self.problems += problems
        self.processes: dict[str, Process] = {}
        self.decisions: dict[str, Decision] = {}
        self.forms: dict[str, Form] = {}
        self._read_diagrams()
        self._read_decisions()
        self._read_forms()
        self.mails, problems = read_mails(files, self.package)
        self.problems += problems
        self.translated_mails, problems = read_translated_mails(files, self.package)
        self.problems += problems
        self.translations, problems = read_translations(files, self.package)
        self.problems += problems
        self.policy = self._read_policy()

    def check(self) -> list[Problem]:
        """All problems; those of the drawing before those of names."""
        found = list(self.problems)
        for process in self.processes.values():
            found += [*check_structure(process), *check_contents(process)]
        around = self.surroundings()
        found += check_code(self.processes, around)
        if around is not None:
            found += self._check_names(around)
        order = {path: index for index, path in enumerate(sorted(self.files))}
        return sorted(dict.fromkeys(found), key=lambda p: (order.get(p.file, -1), p.line))

    def surroundings(self) -> Surroundings | None:
        """What there is beside the diagrams; None where `package.toml` can't be read."""
        package = self.package
        if package is None:
            return None
        texts = (path.removeprefix("mail/").removesuffix(".txt") for path in _paths(self.files, ".txt"))
        mails = frozenset(name for name in texts if "/" not in name)
        forms = frozenset(_form_name(path) for path in _paths(self.files, ".form"))
        return Surroundings(
            package, self.processes, self.decisions, self.forms, forms, mails, self.policy, JOB_TYPES,
            started_variables(self.files, package.process),
        )  # fmt: skip

    def _check_names(self, around: Surroundings) -> Iterator[Problem]:
        package = around.package
        calendars = frozenset(package.calendars) | {"24x7"}
        for process in self.processes.values():
            yield from check_references(process, around)
            yield from check_timers(process, ZoneInfo(package.time_zone), around.goals, calendars)
        yield from check_connections(package, self.processes)
        yield from check_calls(self.processes)
        yield from check_correlations(self.processes.values())
        found = list(wordings(self.processes.values(), self.forms.values()))
        yield from check_translations(package, found, self.translations, around.mails, self.translated_mails)
        yield from self._check_demonstration(package)

    def _check_demonstration(self, package: Package) -> list[Problem]:
        demonstration, problems = read_demonstration(self.files)
        return problems + check_demonstration(demonstration, package, self.processes.values(), self.forms)

    def _read_diagrams(self) -> None:
        left = MAX_ELEMENTS
        for path in _paths(self.files, ".bpmn"):
            diagram = read_diagram(path, self.files[path], left)
            left -= diagram.size
            self.problems += diagram.problems
            for process in diagram.processes.values():
                if process.id in self.processes:
                    self.problems.append(_twice(path, said("process"), process.id, self.processes[process.id].file))
                self.processes[process.id] = process

    def _read_decisions(self) -> None:
        for path in _paths(self.files, ".dmn"):
            decisions, problems = read_decisions(path, self.files[path])
            self.problems += problems
            for key, decision in decisions.items():
                if key in self.decisions:
                    self.problems.append(_twice(path, said("decision"), key, said("another file")))
                self.decisions[key] = decision

    def _read_forms(self) -> None:
        for path in _paths(self.files, ".form"):
            form, problems = read_form(path, self.files[path])
            self.problems += problems
            if form is not None:
                self.forms[_form_name(path)] = form

    def _read_policy(self) -> Policy | None:
        if POLICY_FILE not in self.files:
            return Policy(version=1, hit_policy="F", rows=(), calendars=self.package.calendars if self.package else {})
        decision = self.decisions.get(POLICY_DECISION)
        if decision is None or self.package is None:
            if decision is None and not any(p.file == POLICY_FILE for p in self.problems):
                self.problems.append(
                    Problem(
                        POLICY_FILE,
                        said("It holds no decision '{name}'.", name=POLICY_DECISION),
                        said("Give the table this id."),
                    )
                )
            return None
        policy, problems = _policy(decision, self.package)
        self.problems += problems
        return policy


def _policy(decision: Decision, package: Package) -> tuple[Policy | None, list[Problem]]:
    try:
        policy = policy_from_decision(decision, package.calendars)
    except Refused as refused:
        return None, list(refused.problems)
    return policy, list(policy.check(package, POLICY_FILE))


def _foreign(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for path in sorted(files):
        if not path.endswith(SUFFIXES):
            yield Problem(
                path, said("A package holds no such file."), said("Remove it; known are {names}.", names=list(SUFFIXES))
            )


def _twice(path: str, what: str, key: str, other: str) -> Problem:
    return Problem(
        path,
        said("The {what} '{name}' is also in {other}.", what=what, name=key, other=other),
        said("Give one of the two another id."),
        element=key,
    )


def _form_name(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".form")


def _paths(files: Mapping[str, bytes], suffix: str) -> list[str]:
    return sorted(path for path in files if path.endswith(suffix))
