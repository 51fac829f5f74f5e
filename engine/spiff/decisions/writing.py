"""Writes a policy as the decision table that states it, and its calendars as tables of `package.toml`: for export."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.domain.policies import Policy, PolicyRow
from engine.domain.time import calendar_json
from engine.domain.time.calendars import Calendar

_MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_OUTPUTS = ("target", "calendar", "from", "pauses", "warning", "not_before")
_HEADER = re.compile(r"\s*\[")
_OF_CALENDARS = re.compile(r"\s*\[\s*calendars\s*[.\]]")


def policy_file(policy: Policy, title: str) -> bytes:
    """The content of `sla.dmn` that states the policy's rows; `policy_from_decision` reads it back."""
    fields = list(dict.fromkeys(name for row in policy.rows for name in row.when))
    names: dict[Any, str] = {None: _MODEL}
    root = etree.Element(f"{{{_MODEL}}}definitions", {"id": "definitions_sla", "name": title}, nsmap=names)
    root.set("namespace", "http://camunda.org/schema/1.0/dmn")
    decision = _inside(root, "decision", {"id": "sla", "name": title})
    hit_policy = "UNIQUE" if policy.hit_policy == "U" else "FIRST"
    table = _inside(decision, "decisionTable", {"id": "sla_table", "hitPolicy": hit_policy})
    for number, name in enumerate(("goal", *fields), 1):
        column = _inside(table, "input", {"id": f"sla_in_{number}", "label": name})
        expression = _inside(column, "inputExpression", {"id": f"sla_in_{number}_expression"})
        _inside(expression, "text").text = name
    for number, name in enumerate(_OUTPUTS, 1):
        _inside(table, "output", {"id": f"sla_out_{number}", "name": name, "typeRef": "string"})
    for number, row in enumerate(policy.rows, 1):
        _rule(table, f"sla_rule_{number}", row, fields)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def with_calendars(package: bytes, calendars: Mapping[str, Calendar]) -> bytes:
    """A `package.toml` whose tables of calendars are replaced by these; the rest stays as it was written."""
    kept: list[str] = []
    inside = False
    for line in package.decode().splitlines():
        if _HEADER.match(line):
            inside = _OF_CALENDARS.match(line) is not None
        if not inside:
            kept.append(line)
    tables = [_table(key, calendar) for key, calendar in calendars.items()]
    return ("\n".join(kept).rstrip() + "\n\n" + "\n".join(tables)).encode()


def _rule(table: etree._Element, rule_id: str, row: PolicyRow, fields: list[str]) -> None:
    rule = _inside(table, "rule", {"id": rule_id})
    tests = [json.dumps(row.goal), *(row.when.get(name, "-") for name in fields)]
    values = [row.target, row.calendar, row.start, " ".join(row.pauses), row.warning, row.not_before]
    for kind, texts in (("inputEntry", tests), ("outputEntry", [json.dumps(value) for value in values])):
        for number, text in enumerate(texts, 1):
            entry = _inside(rule, kind, {"id": f"{rule_id}_{kind}_{number}"})
            _inside(entry, "text").text = text


def _inside(parent: etree._Element, tag: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    return etree.SubElement(parent, f"{{{_MODEL}}}{tag}", dict(attributes or {}))


def _table(key: str, calendar: Calendar) -> str:
    shape = calendar_json.to_json(calendar)
    hours = ", ".join(f"{day} = {json.dumps(intervals)}" for day, intervals in shape["hours"].items())
    lines = [f"[calendars.{key}]", f"time_zone = {json.dumps(calendar.time_zone)}", f"hours = {{ {hours} }}"]
    if calendar.country:
        place = f"country = {json.dumps(calendar.country)}, subdivision = {json.dumps(calendar.subdivision)}"
        lines.append(f"holidays = {{ {place} }}")
    lines.append(f"closures = {json.dumps(shape['closures'])}")
    return "\n".join(lines) + "\n"
