"""What a browser said of itself, as people call it. It is what it claims: good for recognising one's own, no more."""

from __future__ import annotations

#: the first that is found counts: browsers also name those that they stem from
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "SamsungBrowser": "Samsung Internet",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_and_system(agent: str) -> tuple[str, str]:
    """`("Firefox", "Linux")`; empty where it can't be told."""
    return _first(agent, _BROWSERS), _first(agent, _SYSTEMS)


def is_handheld(agent: str) -> bool:
    """Whether it says that it is a phone or tablet."""
    return any(word in agent for word in ("iPhone", "iPad", "Android", "Mobile"))


def _first(agent: str, names: dict[str, str]) -> str:
    return next((name for sign, name in names.items() if sign in agent), "")
