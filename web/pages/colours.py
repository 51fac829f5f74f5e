"""Colours of statuses: a package may choose any, and text on it is readable all the same. Pure."""

from __future__ import annotations

#: WCAG 2.2, 1.4.3
CONTRAST = 4.5


def rules(colours: list[str]) -> str:
    """A stylesheet with a class per colour (`b45309`): itself, what is written on it, and a shade for text of it."""
    return "\n".join(
        f".colour-{colour}{{--colour:#{colour};--on-colour:{_on(colour)};"
        f"--ink-light:#{_towards(colour, 0)};--ink-dark:#{_towards(colour, 255)}}}"
        for colour in colours
    )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _on(colour: str) -> str:
    """White where that is readable, else black, which then is."""
    return "#fff" if contrast(colour, "ffffff") >= CONTRAST else "#000"


def _towards(colour: str, end: int) -> str:
    """The colour, darkened (0) or lightened (255) until it can be read on a nearly white or nearly black page."""
    ground = "f1f5f9" if end == 0 else "1f2937"
    for step in range(21):
        share = step / 20
        shade = "".join(f"{round(part + (end - part) * share):02x}" for part in _parts(colour))
        if contrast(shade, ground) >= CONTRAST:
            return shade
    return "000000" if end == 0 else "ffffff"


def _luminance(colour: str) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _shares(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _shares(colour: str) -> list[float]:
    return [part / 255 for part in _parts(colour)]


def _parts(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (0, 2, 4)]
