"""Answers what waitress refuses by itself, before the application hears of it, as the application would."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]

from web.problems import of_status

if TYPE_CHECKING:
    from flask import Flask


def install(app: Flask) -> None:
    """From now on waitress's own errors are the app's problems (RFC 9457), with the headers of every answer."""
    HTTPChannel.error_task_class = partial(_Refusal, app)


class _Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to a request that waitress couldn't or wouldn't read."""

    def __init__(self, app: Flask, channel: HTTPChannel, request: Any) -> None:
        super().__init__(channel, request)
        self.app = app

    def execute(self) -> None:
        with self.app.request_context(self._environment()):
            response = self.app.process_response(of_status(self.request.error.code))
        body = response.get_data()
        self.status = response.status
        self.response_headers.extend((name, value) for name, value in response.headers if name != "Content-Length")
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

    def _environment(self) -> dict[str, Any]:
        """As much of a WSGI environment as the answer depends on; the request may lack everything."""
        headers = self.request.headers
        return {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": getattr(self.request, "path", "") or "/",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
            "HTTP_ACCEPT_LANGUAGE": headers.get("ACCEPT_LANGUAGE", ""),
        }  # fmt: skip
