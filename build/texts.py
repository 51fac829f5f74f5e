"""Brings web/translations/*.po up to date with the texts in engine/ and web/. `make texts` runs it.

New texts are added without a translation, entries that nothing says any more are removed; translations stay as they
are. What a translator sees, and how to begin a language, stands in docs/how-to/languages.md.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "web" / "translations"
#: which files are read, and by what
MAPPING = [
    ("engine/**.py", "python"),
    ("web/**.py", "python"),
    ("web/templates/**.html", "jinja2"),
    ("web/templates/**.txt", "jinja2"),
]
#: a template that can't be read is an error, not a template without texts
OPTIONS = {"**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
#: functions whose literal arguments are texts
KEYWORDS = {"_": None, "gettext": None, "N_": None, "say": None, "said": None, "ngettext": (1, 2), "say_number": (1, 2)}
WIDTH = 120


def extracted() -> Catalog:
    """Every text that the program says, with the files that say it."""
    found = Catalog()
    for folder in ("engine", "web"):
        for path, _line, message, _comments, context in extract_from_dir(
            ROOT / folder,
            [(pattern.partition("/")[2], method) for pattern, method in MAPPING if pattern.startswith(f"{folder}/")],
            keywords=KEYWORDS,
            options_map=OPTIONS,
        ):
            found.add(message, locations=[(f"{folder}/{path}", 0)], context=context)
    return found


def updated(content: str, texts: Catalog) -> str:
    """A po file with what the program says now: its header as it was, its translations kept."""
    catalogue = read_po(BytesIO(content.encode()), abort_invalid=True)
    catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return header_of(content) + "\n" + written.getvalue().decode().strip("\n") + "\n"


def header_of(content: str) -> str:
    """The lines up to the first entry."""
    return content.partition("\n\n")[0] + "\n"


def main() -> None:
    """Update every catalogue, and say how many texts wait for a translator."""
    texts = extracted()
    for path in sorted(TRANSLATIONS.glob("*.po")):
        path.write_text(updated(path.read_text(), texts))
        catalogue = read_po(BytesIO(path.read_bytes()))
        waiting = [message.id for message in catalogue if message.id and not _translated(message.string)]
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(waiting)} not translated\n")


def _translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main()
