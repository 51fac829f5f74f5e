"""Job type `webhook`: posts JSON to another system and takes its answer. Which systems may be called is a setting."""

from __future__ import annotations

import http.client
import json
import math
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from engine.domain.said import said
from engine.job_handlers.outside import RefusedHost, connect
from engine.job_handlers.values import BpmnError, Done, HandlerSettings, JobFailure, JobValues, PermanentFailure

#: bytes of an answer that are read
MAX_ANSWER = 1_000_000
#: client errors that pass by themselves: timeout, too early, too many requests
PASSING = frozenset({408, 425, 429})


def call_webhook(job: JobValues, settings: HandlerSettings) -> Done | BpmnError:
    """POSTs `body` (or all parameters but `url`) to `url`, with the job's id as `Idempotency-Key`.

    2xx: done; a JSON object becomes the result, any other JSON its `response`. 4xx with `{"error": "CODE"}`: the
    BPMN error CODE. Any other 4xx and 3xx: failed for good. 408, 425, 429, 5xx, no answer: tried again.
    """
    url = _checked_url(job.parameters.get("url"))
    body = job.parameters.get("body", {name: value for name, value in job.parameters.items() if name != "url"})
    status, answer = _post(url, json.dumps(body, allow_nan=False).encode(), job.id, settings)
    if 200 <= status < 300:
        return Done(_result(answer))
    problem = said("{hostname} answered {status}", hostname=url.hostname, status=status)
    if status in PASSING or status >= 500:
        raise JobFailure(problem)
    code = _error_code(answer) if status >= 400 else ""
    if code:
        return BpmnError(code, problem)
    raise PermanentFailure(problem)


def _checked_url(value: Any) -> SplitResult:
    try:
        url = urlsplit(str(value or ""))
        port = url.port
    except ValueError as error:
        raise PermanentFailure(said("“{value}” isn't an address: {error}", value=value, error=str(error))) from error
    if url.scheme not in ("http", "https") or not url.hostname or port == 0:
        raise PermanentFailure(said("A webhook needs a parameter `url` that begins with http:// or https://."))
    if url.username or url.password:
        raise PermanentFailure(said("A webhook's address may not carry a user or password."))
    return url


def _post(url: SplitResult, body: bytes, key: str, settings: HandlerSettings) -> tuple[int, bytes]:
    deadline = time.monotonic() + settings.timeout
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
    try:
        connection = connect(url, settings)
        try:
            connection.request("POST", path, body, {**headers, "User-Agent": "Iter"})
            response = connection.getresponse()
            return response.status, _read(response, deadline)
        finally:
            connection.close()
    except RefusedHost as error:
        raise PermanentFailure(str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise JobFailure(
            said("{hostname} can't be reached: {value}", hostname=url.hostname, value=error or type(error).__name__)
        ) from error
    except ValueError as error:
        raise PermanentFailure(said("The address can't be called: {error}", error=str(error))) from error


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The answer, unless it is too long or drips too slowly."""
    parts: list[bytes] = []
    while part := response.read1(65_536):
        parts.append(part)
        if sum(map(len, parts)) > MAX_ANSWER:
            raise PermanentFailure(said("The answer has more than {max_answer:,} bytes.", max_answer=MAX_ANSWER))
        if time.monotonic() > deadline:
            raise JobFailure(said("The answer took too long."))
    return b"".join(parts)


def _result(answer: bytes) -> Mapping[str, Any]:
    if not answer.strip():
        return {}
    try:
        value = json.loads(answer, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise PermanentFailure(said("The answer isn't JSON.")) from error
    return value if isinstance(value, dict) else {"response": value}


def _error_code(answer: bytes) -> str:
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    code = value.get("error") if isinstance(value, dict) else None
    return code[:100] if isinstance(code, str) else ""


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_constant(name: str) -> float:
    raise ValueError(name)
