"""The texts of a form that people read, and the form in other words. Keys, values and rules stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: keywords of a component that hold a text; `text` is that of a static text
TEXTS = ("label", "dateLabel", "description", "text")
#: what stands before and behind a field
_ADORNERS = ("prefixAdorner", "suffixAdorner")


def texts_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a form with the name of its component, in order."""
    for component in _listed(schema.get("components")):
        name = str(component.get("key") or component.get("id") or component.get("type", ""))
        for holder, keyword in _places(component):
            yield name, holder[keyword]
        yield from texts_of(component)


def labels_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of a form are called, by key."""
    found: dict[str, str] = {}
    for component in _listed(schema.get("components")):
        label = component.get("label") or component.get("dateLabel")
        if label and "key" in component:
            found[str(component["key"])] = str(label)
        found |= labels_of(component)
    return found


def reworded(schema: Mapping[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    """The form with every text as `say` gives it."""
    made = {**schema}
    if "components" in made:
        made["components"] = [_reworded(component, say) for component in _listed(schema["components"])]
    return made


def _reworded(component: Mapping[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    made = reworded(component, say)
    if isinstance(made.get("appearance"), dict):
        made["appearance"] = {**made["appearance"]}
    if isinstance(made.get("values"), list):
        made["values"] = [{**item} for item in _listed(made["values"])]
    for holder, keyword in _places(made):
        holder[keyword] = say(holder[keyword])
    return made


def _places(component: Mapping[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Where the texts of a component stand, those inside it (a group's) excepted."""
    appearance = component.get("appearance")
    holders = [(component, TEXTS), *((item, ("label",)) for item in _listed(component.get("values")))]
    if isinstance(appearance, dict):
        holders.append((appearance, _ADORNERS))
    return [
        (holder, keyword)  # type: ignore[misc]
        for holder, keywords in holders
        for keyword in keywords
        if isinstance(holder.get(keyword), str) and holder[keyword].strip()
    ]


def _listed(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
