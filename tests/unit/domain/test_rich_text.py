"""Rich text shows what people wrote, and nothing in it runs, loads or leads astray."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.rich_text import MAX_RICH, to_html, to_plain

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}


class Seen(HTMLParser):
    """The tags and attributes of a page as a browser would read it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


def require_harmless(page: str) -> Seen:
    seen = Seen(page)
    for tag, attributes in seen.tags:
        assert tag in TAGS, page
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else {"start"} if tag == "ol" else set()), page
        if "href" in attributes:
            assert re.match(r"(https?://|mailto:)", attributes["href"], re.IGNORECASE), page
            assert attributes["rel"] == "noopener nofollow"
    return seen


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`x < 1`", "<p><code>x &lt; 1</code></p>"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("[here](https://a.example/?x=1&y=2)",
         '<p><a href="https://a.example/?x=1&amp;y=2" rel="noopener nofollow">here</a></p>'),
        ("[write](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="noopener nofollow">write</a></p>'),
        ("سلام", "<p>سلام</p>"),
    ],
)  # fmt: skip
def test_markdown_is_shown(written: str, shown: str) -> None:
    assert to_html(written).strip() == shown


@pytest.mark.parametrize(
    "written",
    ["# not a heading", "    indented", "2*3 = 6 and a_b_c", "C:\\temp\\file.txt", "&amp; stays", "a < b > c & d",
     "[1] see below", "~~~~~", "file.py and www.example.com and a@b.example", "1 * 2 * 3", "---8<---"],
)  # fmt: skip
def test_plain_text_looks_as_it_was_typed(written: str) -> None:
    assert Seen(to_html(written)).text.strip() == written.strip() or written == "~~~~~"
    assert "<h" not in to_html(written)


def test_a_line_below_a_text_does_not_make_it_a_heading() -> None:
    assert to_html("Total\n-----\n12").strip() == "<p>Total</p>\n<hr>\n<p>12</p>"


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("See https://a.example/x_y_z?a=1.", ["https://a.example/x_y_z?a=1"]),
        ("(https://a.example/x) https://b.example/(y)", ["https://a.example/x", "https://b.example/(y)"]),
        ("[https://a.example](https://b.example)", ["https://b.example"]),
        ("`https://a.example`", []),
        ("https:// and http://", []),
        ("xhttps://a.example", []),
    ],
)
def test_bare_addresses_become_links(written: str, addresses: list[str]) -> None:
    seen = require_harmless(to_html(written))
    assert [attributes["href"] for tag, attributes in seen.tags if tag == "a"] == addresses


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<p style='position:fixed' onclick=alert(1)>x</p>",
    "</p></blockquote></div><b>out</b>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<form action=/sign-out method=post><button>x</button></form>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](/sign-out)",
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "[x](https:evil)",
    "<javascript:alert(1)>",
    "<https://a.example/\"onmouseover=alert(1)>",
    "[x](https://a.example 'title\" onmouseover=alert(1) x=\"')",
    "[x](https://a.example\"onmouseover=alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "![<img src=x onerror=alert(1)>](x)",
    "[a]: javascript:alert(1)\n\n[a]",
    "`<img src=x onerror=alert(1)>`",
    "```\"onload=alert(1)\n<script>alert(1)</script>\n```",
    "~~~html <script>\nx\n~~~",
    "**<img src=x onerror=alert(1)>**",
    "> <svg onload=alert(1)>",
    "- <object data=javascript:alert(1)>",
    "99999999999. x",
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/'onclick=alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip


@pytest.mark.parametrize("written", HOSTILE)
def test_nothing_runs_and_nothing_loads(written: str) -> None:
    page = to_html(written)
    require_harmless(page)
    require_harmless(f"<div>{to_plain(written).replace('&', '&amp;').replace('<', '&lt;')}</div>".replace("div", "p"))


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20)), max_size=6).map("".join))
def test_no_mixture_of_them_does_either(written: str) -> None:
    require_harmless(to_html(written))


def test_what_is_read_twice_stays_the_same() -> None:
    assert to_html("<b>&amp;</b>") == "<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>\n"
    assert to_plain("<b>&amp;</b>  **x**\ny") == "<b>&amp;</b> x y"


def test_a_text_that_is_too_long_is_shown_as_typed() -> None:
    page = to_html("**a**\n<b>" + "x" * MAX_RICH)
    assert page.startswith("<p>**a**<br>\n&lt;b&gt;xxx")
    require_harmless(page)


@pytest.mark.parametrize(
    "seed",
    ["[", "![", "[](", "[a](", "[[]](", "*", "_", "**a ", "*a_ ", "*_", "`", "`a``", "<", "> ", "- ", "- a\n", "1. ",
     "- > ", "\\", "&", "http://", "http://[", "://", "https://a.it/(((", "<http://a", "```\n", "~~~\n", "\n\n- ", ")"],
)  # fmt: skip
def test_a_hostile_text_takes_no_long_time(seed: str) -> None:
    to_html.cache_clear()
    begun = time.process_time()
    require_harmless(to_html((seed * MAX_RICH)[:MAX_RICH]))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("mark", ["- ", "1. ", "> "])
def test_deep_nesting_takes_no_long_time(mark: str) -> None:
    lines = "".join(" " * (2 * depth) + mark + "a\n" for depth in range(140))
    to_html.cache_clear()
    begun = time.process_time()
    require_harmless(to_html(lines + mark * ((MAX_RICH - len(lines)) // len(mark))))
    assert time.process_time() - begun < 2
