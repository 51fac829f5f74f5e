"""Runs the web server and the worker until it is told to stop. No route and no command stands here."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from web.database import migrate, open_engine
from web.settings import Settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine

log = logging.getLogger(__name__)

#: what a request's form may weigh beside the package in it
_MARGIN = 1_048_576


def serve_everything(settings: Settings) -> None:
    """Migration, deployment, first accounts, then web and worker in this process, until SIGINT or SIGTERM."""
    from web.cli.demo import fill_at_start
    from web.cli.starting import deploy_workflows, make_first_accounts, read_packages

    _log(settings)
    gc.disable()  # most of a start is imports, of which nothing is garbage: looking for some takes a fifth of the time
    migrate(settings)
    engine = open_engine(settings)
    try:
        deploy_workflows(engine, settings)
        make_first_accounts(engine, settings)
        if settings.demo:
            fill_at_start(engine, settings)
        server = _listening(settings, engine)
        gc.freeze()
        gc.enable()
        stop = threading.Event()
        worker = threading.Thread(target=_worker_or_nothing, args=(engine, stop), name="worker")
        worker.start()
        threading.Thread(target=read_packages, args=(engine,), name="warm", daemon=True).start()
        try:
            _serve(settings, server)
        finally:
            stopped_by_us = worker.is_alive()
            stop.set()
            engine.wake.set()
            worker.join()
        if not stopped_by_us:
            raise SystemExit(1)
    finally:
        _close(engine)


def serve_web(settings: Settings) -> None:
    """The web server alone."""
    _log(settings)
    engine = open_engine(settings)
    try:
        _serve(settings, _listening(settings, engine))
    finally:
        _close(engine)


def work(settings: Settings) -> None:
    """The worker alone, in this thread."""
    _log(settings)
    engine = open_engine(settings)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        engine.wake.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        _worker_loop(engine, stop)
    finally:
        _close(engine)


def _worker_or_nothing(engine: Engine, stop: threading.Event) -> None:
    """Without its worker a server would take tickets whose deadlines nobody watches: then rather none."""
    try:
        _worker_loop(engine, stop)
    except Exception:
        log.critical("the worker died; stopping", exc_info=True)
        signal.raise_signal(signal.SIGTERM)


def _worker_loop(engine: Engine, stop: threading.Event) -> None:
    from engine.worker import Worker

    Worker(engine).run(stop)


def _listening(settings: Settings, engine: Engine) -> Any:
    """A server that has its address, and answers nothing yet."""
    from waitress.server import create_server  # type: ignore[import-untyped]

    from web.app import create_app
    from web.cli.refusing import install

    app = create_app(settings, engine)
    install(app)
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=max(settings.max_package, settings.max_body, settings.max_attachment) + _MARGIN,
            ident=None,
            clear_untrusted_proxy_headers=False,  # the application reads them, as far as settings let it
        )
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise click.ClickException(
            f"can't listen on {where}: {error.strerror}. Stop what listens there, or set ITER_PORT or ITER_HOST."
        ) from None


def _serve(settings: Settings, server: Any) -> None:
    """Answers requests in this thread until SIGINT or SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    click.echo(f"Iter is on {_address(settings, server)} (Ctrl-C stops it)")
    server.run()  # returns on SIGINT and SIGTERM, when the requests that were being answered are
    click.echo("Stopping.")
    server.close()


def _address(settings: Settings, server: Any) -> str:
    """Where it listens; port 0 became a real one."""
    return f"http://{settings.host}:{getattr(server, 'effective_port', settings.port)}"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _close(engine: Engine) -> None:
    engine.sandbox.close()
    engine.database.close()


def _log(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "spiff", "waitress.queue"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
