"""XML as data and nothing more: no document type, no entities, no network, limits on size and depth."""

from __future__ import annotations

from lxml import etree

from engine.domain.errors import Problem
from engine.domain.said import said

#: bytes; the largest diagrams of modelers are some hundred kilobytes
MAX_BYTES = 2_000_000
MAX_DEPTH = 100
MAX_TEXT = 20_000
#: reading those of one element takes quadratic time
MAX_ATTRIBUTES = 100

Element = etree._Element


def parse_xml(path: str, content: bytes, *, remarks: bool = False) -> tuple[Element | None, list[Problem]]:
    """The root element of a file, or the problem that keeps it from being read.

    `remarks`: with its comments and processing instructions, for who compares files.
    """
    if len(content) > MAX_BYTES:
        return None, [
            Problem(
                path,
                said(
                    "The file has {count:,} bytes; at most {max_bytes:,} are read.",
                    count=len(content),
                    max_bytes=MAX_BYTES,
                ),
                said("Split the diagram, or remove what isn't part of it."),
            )
        ]
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        return None, [_doctype(path)]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=not remarks, remove_pis=not remarks,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        return None, [
            Problem(
                path,
                said("The file isn't well-formed XML: {first_line}", first_line=_first_line(error)),
                said("Export it anew from the modeler."),
                line=line,
            )
        ]
    if getattr(root.getroottree().docinfo, "doctype", ""):
        return None, [_doctype(path)]
    problem = _too_large_inside(path, root)
    return (None, [problem]) if problem else (root, [])


def local(element: Element) -> str:
    """The element's name without its namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """The element's namespace, empty where it has none."""
    tag = element.tag
    return tag[1:].split("}", 1)[0] if isinstance(tag, str) and tag.startswith("{") else ""


def line_of(element: Element) -> int:
    """The line of the file in which the element begins; 0 where none is known."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _doctype(path: str) -> Problem:
    return Problem(
        path, said("The file declares a document type or entities."), said("Remove the DOCTYPE; diagrams need none.")
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["unreadable"])[0][:200]


def _too_large_inside(path: str, root: Element) -> Problem | None:
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        if depth > MAX_DEPTH:
            return Problem(
                path,
                said("Elements are nested more than {max_depth} deep.", max_depth=MAX_DEPTH),
                said("Flatten it."),
                line=line_of(element),
            )
        if len(element.attrib) > MAX_ATTRIBUTES:
            return Problem(
                path,
                said(
                    "<{local}> has more than {max_attributes} attributes.",
                    local=local(element)[:80],
                    max_attributes=MAX_ATTRIBUTES,
                ),
                said("Remove them."),
                line=line_of(element),
            )
        texts = [element.text or "", *(str(value) for value in element.attrib.values())]
        if any(len(text) > MAX_TEXT for text in texts):
            return Problem(
                path,
                said(
                    "A text of <{local}> is longer than {max_text:,} characters.",
                    local=local(element),
                    max_text=MAX_TEXT,
                ),
                said("Shorten it."),
                element=(element.get("id") or "")[:100],
                line=line_of(element),
            )
        stack.extend((child, depth + 1) for child in element)
    return None
