"""A package in which every text that a person wrote holds markup which would run, were it ever taken for HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from io import BytesIO
from typing import Any

from babel.messages.pofile import read_po, write_po

#: an element whose handler runs, behind what ends an attribute; and a script
MARKUP = "\"><img src=x onerror='owned=1'><script>owned=1</script>"

_NAMED = re.compile(
    r"(<bpmn:(?:participant|process|lane|\w*[eE]vent|\w*[tT]ask|\w*Gateway|callActivity|subProcess|sequenceFlow)\b"
    r'[^>]*? name=")([^"]*)'
)
_DOCUMENTED = re.compile(r"(<bpmn:(?:userTask|callActivity|\w*Gateway)\b[^>]*[^/]>)")
_DECISIONS = re.compile(r'(<(?:definitions|decision)\b[^>]*? name="|<(?:input|output)\b[^>]*? label=")([^"]*)')
_RULES = re.compile(r"(<description>)([^<]*)")
#: a text in one language, a lane
_SETTINGS = re.compile(r'(\b(?:it|en|de) = "|^"(?=[^"]+" = \[))([^"]*)', re.MULTILINE)
_SUBJECT = re.compile(r"(^Subject: )(.*)")
_TITLE = re.compile(r"^title: (.*)$", re.MULTILINE)
#: of a form's component
_WORDS = {"label", "description", "text", "dateLabel", "timeLabel"}


def spoiled(files: Mapping[str, bytes], more: str = "") -> dict[str, bytes]:
    """The files with markup, and `more`, behind every title, name, label and text; the demonstration left out."""
    kept = {path: content for path, content in files.items() if not path.startswith("demonstration/")}
    return {path: _spoiled(path, content.decode(), f" {MARKUP}{more}").encode() for path, content in kept.items()}


def _spoiled(path: str, content: str, tail: str) -> str:
    kind = path.rpartition(".")[2]
    match kind:
        case "bpmn":
            documented = rf"\1<bpmn:documentation>{escape(tail)}</bpmn:documentation>"
            return _DOCUMENTED.sub(documented, _NAMED.sub(_behind(escape(tail)), content))
        case "dmn":
            return _RULES.sub(_behind(escape(tail)), _DECISIONS.sub(_behind(escape(tail)), content))
        case "toml":
            return _SETTINGS.sub(_behind(tail.replace('"', '\\"')), content)
        case "form":
            return json.dumps(_form(json.loads(content), tail), ensure_ascii=False)
        case "po":
            return _translations(content, tail)
        case "yaml":
            return _TITLE.sub(lambda match: f"title: {json.dumps(match[1].strip() + tail)}", content)
        case "txt":
            return _SUBJECT.sub(_behind(tail), content) + tail + "\n"
        case "html":
            return content.replace("</body>", f"<p>{escape(tail)}</p></body>")
    return content + tail


def _behind(tail: str) -> Callable[[re.Match[str]], str]:
    return lambda match: match[1] + match[2] + (tail if match[2] else "")


def _form(value: Any, tail: str) -> Any:
    if isinstance(value, list):
        return [_form(one, tail) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: one + tail if key in _WORDS and isinstance(one, str) else _form(one, tail) for key, one in value.items()
    }


def _translations(content: str, tail: str) -> str:
    catalogue = read_po(BytesIO(content.encode()))
    for message in list(catalogue):
        if message.id and isinstance(message.string, str):
            del catalogue[message.id]
            catalogue.add(message.id + tail, message.string and message.string + tail, message.locations)
    written = BytesIO()
    write_po(written, catalogue)
    return written.getvalue().decode()
