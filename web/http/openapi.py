"""The OpenAPI 3.1 document, made from the operations as declared. Pydantic's JSON Schema is 3.1's own dialect."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.http.operations import API, JSON, Operation
from web.problems import MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"
_PATH_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_PATH_SCHEMAS: dict[str | None, dict[str, Any]] = {
    None: {"type": "string"},
    "key": {"type": "string"},
    "file": {"type": "string"},
    "id": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the stored answer, so that a retry does nothing twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}

Mode = Literal["validation", "serialization"]


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The whole document as JSON values."""
    operations = list(operations)
    refs, definitions = models_json_schema(sorted(_models(operations), key=str), ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = API + _PATH_PARAMETER.sub(r"{\g<name>}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Iter", "version": version, "description": "Tickets whose life is a BPMN diagram."},
        "servers": [{"url": "/"}],
        "tags": [{"name": noun} for noun in dict.fromkeys(operation.noun for operation in operations)],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models(operations: list[Operation]) -> set[tuple[type[BaseModel], Mode]]:
    models: set[tuple[type[BaseModel], Mode]] = {(Problem, "serialization")}
    for operation in operations:
        if operation.body:
            models.add((operation.body, "validation"))
        if operation.query:
            models.add((operation.query, "validation"))
        if operation.gives:
            models.add((operation.gives, "serialization"))
    return models


def _operation(operation: Operation, refs: Any) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(operation.view.__doc__ or operation.id).partition("\n")
    scope = f"Scope of the token: `{operation.scope}`." if operation.scope else ""
    value: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.noun],
        "summary": summary,
        "description": "\n\n".join(filter(None, [description.strip(), scope])),
        "security": [{"bearer": []}] if operation.scope else [],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(operation, refs),
    }
    if operation.takes_key:
        value["parameters"].append(_IDEMPOTENCY_KEY)
    content = _body(operation, refs)
    if content:
        value["requestBody"] = {"required": True, "content": content}
    return value


def _body(operation: Operation, refs: Any) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string", "format": "binary"}} for media in operation.media if media != JSON}
    if operation.body:
        content[JSON] = {"schema": refs[operation.body, "validation"]}
    elif JSON in operation.media:
        content[JSON] = {"schema": {"type": "object"}}
    return content


def _responses(operation: Operation, refs: Any) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done." if operation.unsafe else "Found."}
    if operation.gives:
        success["content"] = {JSON: {"schema": refs[operation.gives, "serialization"]}}
    problem = {"content": {MEDIA_TYPE: {"schema": refs[Problem, "serialization"]}}}
    return {str(operation.status): success, "default": {"description": "A problem (RFC 9457).", **problem}}


def _path_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for found in _PATH_PARAMETER.finditer(operation.path):
        yield {"name": found["name"], "in": "path", "required": True, "schema": _PATH_SCHEMAS[found["converter"]]}


def _query_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    if operation.query is None:
        return
    schema = operation.query.model_json_schema(ref_template=_REFERENCE)
    for name, values in schema.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": values}
