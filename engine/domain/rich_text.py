"""Rich text: what people write in Markdown, as HTML that can do nothing but show it. For pages and mails alike.

CommonMark without what makes plain text look wrong (headings, indented code, entities) or asks other sites for
something (images): old notes in plain text look as they were typed. Where it stands on a page isn't known here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: characters that are read as Markdown; a longer text is shown as it was typed
MAX_RICH = 20_000
#: brackets that may begin a link; a text with more of them is a log, and finding their ends takes quadratic time
MAX_BRACKETS = 400
#: quotes and lists inside one another; deeper ones are shown as they were typed
MAX_NESTING = 20
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]", re.IGNORECASE)
#: a bare address in a text
_BARE = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_TAGS = frozenset({"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"})
_ATTRIBUTES = {"a": frozenset({"href"}), "ol": frozenset({"start"})}
_LEFT_OUT = ("heading", "lheading", "code", "html_block", "html_inline", "reference", "image", "entity")


@lru_cache(maxsize=512)
def to_html(text: str) -> str:
    """The text as clean HTML: paragraphs, lists, quotes, code, emphasis, links. Nothing in it runs, nothing loads."""
    if len(text) > MAX_RICH or text.count("[") > MAX_BRACKETS:
        return _as_typed(text)
    return _clean(_MARKDOWN.render(text))


def to_plain(text: str) -> str:
    """The text without its signs, in one line: for excerpts."""
    bare = nh3.clean(to_html(text), tags=set())
    return " ".join(html.unescape(bare).split())


def _as_typed(text: str) -> str:
    return _clean("<p>" + html.escape(text).replace("\n", "<br>\n") + "</p>")


def _clean(page: str) -> str:
    """Only what is listed, whatever came before: the last word on what reaches a reader."""
    return nh3.clean(
        page,
        tags=set(_TAGS),
        clean_content_tags={"script", "style"},
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def _attribute(element: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _is_address(value) else None
    if name == "rel":  # ours: `link_rel`
        return value
    return value if value.isascii() and value.isdigit() and len(value) < 10 else None


def _is_address(url: str) -> bool:
    """A link says where it leads: whole addresses and mail, neither this site's own paths nor a script."""
    return bool(_ADDRESS.match(url))


def _link_addresses(state: StateCore) -> None:
    """Bare addresses become links; the library's own way to find them takes quadratic time."""
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = list(_linked(block.children))


def _linked(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside and "://" in token.content:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    end = 0
    for found in _BARE.finditer(text):
        url = _without_end(found[0])
        if not url.partition("://")[2]:
            continue
        yield Token("text", "", 0, content=text[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": url})
        yield Token("text", "", 0, content=url)
        yield Token("link_close", "a", -1)
        end = found.start() + len(url)
    yield Token("text", "", 0, content=text[end:])


def _without_end(url: str) -> str:
    """What ends the sentence isn't the address': a full stop, a bracket that was opened before it."""
    surplus = url.count(")") - url.count("(")
    while url and (url[-1] in ".,;:!?'*_~]}" or (url[-1] == ")" and surplus > 0)):
        surplus -= url[-1] == ")"
        url = url[:-1]
    return url


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING})
    reader.disable(_LEFT_OUT)
    reader.validateLink = _is_address  # type: ignore[method-assign]
    reader.core.ruler.push("addresses", _link_addresses)
    return reader


_MARKDOWN = _reader()
