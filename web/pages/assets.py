"""What pages load in the browser: bundled files by their hashed names, and icons. build/assets.mjs bundles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parents[1] / "static"
_MANIFEST = STATIC / "manifest.json"


def icon(name: str, label: str = "", size: str = "") -> Markup:
    """A Tabler icon; without a label it is decoration, that screen readers pass over."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>').format(
        size and f"icon-{size}", told, asset("icons.svg"), name
    )


def asset(name: str) -> str:
    """Where a bundled file is: `asset("app.js")`."""
    return f"/static/{_manifest()[name]}"


def script(name: str) -> Markup:
    """The tag that loads one of the entry points in web/assets/js."""
    return Markup('<script type="module" src="{}"></script>').format(asset(f"{name}.js"))


def style(name: str) -> Markup:
    """The tag that loads one of the entry points in web/assets/css."""
    return Markup('<link rel="stylesheet" href="{}">').format(asset(f"{name}.css"))


def _manifest() -> Mapping[str, str]:
    """What the bundler has told, read anew when it has run again."""
    try:
        return _read_manifest(_MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        raise RuntimeError("The pages' scripts and styles aren't built: run `make assets`.") from None


@lru_cache(maxsize=1)
def _read_manifest(_changed: int) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return found
