"""Statements on incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, false, insert, select, update

from engine.domain.said import to_json
from engine.storage.tables import Incident

Values = Mapping[str, Any]


def add(tx: Connection, rows: Sequence[Values]) -> list[int]:
    """Write incidents, all with the same columns; gives their ids in the same order."""
    statement = insert(Incident).returning(Incident.id, sort_by_parameter_order=True)
    return list(tx.execute(statement, [_said(row) for row in rows]).scalars())


def put(tx: Connection, values: Values) -> int:
    """Write a step's incident; gives its id. The open one of the same token, if there is one, has failed once more."""
    same = (Incident.instance_id == values["instance_id"], Incident.kind == "step", Incident.state == "open")
    statement = update(Incident).where(*same, Incident.token.is_not_distinct_from(values["token"]))
    again = {name: value for name, value in values.items() if name not in ("raised_at", "raised_by")}
    again |= {"tries": Incident.tries + 1, "failed_at": values["raised_at"]}
    standing = tx.execute(statement.values(**_said(again)).returning(Incident.id)).scalars().first()
    return add(tx, [values])[0] if standing is None else standing


def _said(values: Values) -> dict[str, Any]:
    """The columns, with what keeps the problem translatable."""
    return {**values, "said": to_json(values["problem"])}


def get(tx: Connection, incident_id: int) -> dict[str, Any] | None:
    """An incident."""
    row = tx.execute(select(Incident.__table__).where(Incident.id == incident_id)).one_or_none()
    return dict(row._mapping) if row else None


def lock(tx: Connection, incident_id: int) -> dict[str, Any] | None:
    """An incident, locked until the transaction ends."""
    statement = select(Incident.__table__).where(Incident.id == incident_id).with_for_update()
    row = tx.execute(statement).one_or_none()
    return dict(row._mapping) if row else None


def resolve(tx: Connection, incident_id: int, at: datetime, by: int, reason: str = "") -> bool:
    """It stands no longer; False where somebody else has resolved it already."""
    statement = update(Incident).where(Incident.id == incident_id, Incident.state == "open")
    return tx.execute(statement.values(state="resolved", resolved_at=at, resolved_by=by, reason=reason)).rowcount == 1


def open_of(tx: Connection, column: Any, key: str) -> int | None:
    """The open incident of a job, mail or message: `open_of(tx, Incident.mail_id, "…")`."""
    statement = select(Incident.id).where(column == key, Incident.state == "open")
    return tx.execute(statement.limit(1)).scalar()


def waiting_for(tx: Connection, instance_id: str, token: int) -> int | None:
    """The open incident of a token's step."""
    statement = select(Incident.id).where(Incident.instance_id == instance_id, Incident.token == token)
    return tx.execute(statement.where(Incident.kind == "step", Incident.state == "open").limit(1)).scalar()


def resolve_all(tx: Connection, instance_id: str, at: datetime, by: int) -> None:
    """The instance has ended: nothing of it can be mended any more."""
    statement = update(Incident).where(Incident.instance_id == instance_id, Incident.state == "open")
    tx.execute(statement.values(state="resolved", resolved_at=at, resolved_by=by))


def resolve_steps(tx: Connection, instance_id: str, tokens: Set[int | None], at: datetime, by: int) -> bool:
    """Steps at these tokens have succeeded after all, or aren't wanted any more; gives whether others are open."""
    steps = (Incident.instance_id == instance_id, Incident.kind == "step", Incident.state == "open")
    start = Incident.token.is_(None) if None in tokens else false()
    statement = update(Incident).where(*steps, Incident.token.in_(tokens - {None}) | start)
    tx.execute(statement.values(state="resolved", resolved_at=at, resolved_by=by))
    return tx.execute(select(Incident.id).where(*steps).limit(1)).first() is not None
