"""Who calls the commands for what is due: timers, messages, migrations, jobs, mails. What these mean, they say."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import OperationalError

from engine.commands import messages, timers
from engine.commands.engine import Engine
from engine.commands.housekeeping import tidy
from engine.commands.incidents import faults
from engine.commands.outbox import jobs, mails
from engine.commands.packages import migrations
from engine.commands.people.links import recovery
from engine.commands.stepping import Overtaken, StepKept
from engine.commands.workers import Heart
from engine.domain.events import JobCompleted, JobFailed
from engine.domain.said import said
from engine.job_handlers import HANDLERS
from engine.job_handlers.smtp import send
from engine.job_handlers.values import BpmnError, Done, JobFailure, JobValues, PermanentFailure

log = logging.getLogger(__name__)

#: seconds between two looks where nobody wakes the worker
POLL = 0.5
#: timers or messages of one look
BATCH = 100
#: seconds for which one that raised is left alone
PENALTY = 30.0
#: how often one may raise before it is left to an operator, by an incident
TRIES = 3
TIDY_EVERY = timedelta(minutes=1)
#: seconds that a stopping worker waits for what is being done; what isn't finished by then is done again later
PATIENCE = 5.0


class Worker:
    """Does what is due. Several may run, in one process or many: each thing is done by one of them."""

    def __init__(self, engine: Engine, threads: int = 2) -> None:
        self.engine = engine
        #: of jobs, and as many of mails: a slow partner mustn't keep timers or mail waiting
        self.threads = threads
        #: what raised → when it may be tried again, by the machine's monotonic clock
        self._penalties: dict[str, float] = {}
        #: how often it has raised
        self._raised: dict[str, int] = {}
        self._tidied: datetime | None = None
        self._heart = Heart(engine)
        #: the database didn't answer when it was last asked
        self._away = False
        self._telling = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set; wakes at once when `engine.wake` is set, else twice a second."""
        outbox = [self._jobs, self._mails] * self.threads
        helpers = [threading.Thread(target=self._loop, args=(work, stop), daemon=True) for work in outbox]
        for helper in helpers:
            helper.start()
        self._loop(self._look, stop)
        self._heart.stop()
        end = time.monotonic() + PATIENCE
        for helper in helpers:
            helper.join(max(0.0, end - time.monotonic()))

    def tick(self) -> int:
        """Does all that is due now, and what becomes due by it, in this thread; how many things that were."""
        total = 0
        while done := self._steps() + self._jobs() + self._mails():
            total += done
        return total

    def _loop(self, work: Callable[[], int], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                done = work()
                self._away = False
            except OperationalError as error:
                self._tell(error)
                done = 0
            except Exception:
                log.exception("looking for what is due failed")
                done = 0
            if not done:
                self.engine.wake.wait(POLL)
                self.engine.wake.clear()

    def _tell(self, error: OperationalError) -> None:
        """That the database is away, once for as long as it is."""
        with self._telling:
            told, self._away = self._away, True
        if not told:
            log.error("the database doesn't answer; trying again until it does: %s", str(error.orig).partition("\n")[0])

    def _look(self) -> int:
        self._heart.beat()
        return self._steps()

    def _steps(self) -> int:
        self._tidy()
        due_timers = self._each(timers.due, timers.fire, faults.timer_failed, timers.fire_together)
        delivered = self._each(messages.due, messages.deliver, faults.message_failed)
        return due_timers + delivered + self._each(migrations.due, migrations.go_on, migrations.fail)

    def _each(
        self,
        due: Callable[[Engine, int], list[str]],
        do: Callable[[Engine, str], object],
        give_up: Callable[[Engine, str, Exception], int | None],
        together: Callable[[Engine, list[str]], int] | None = None,
    ) -> int:
        """Do what is due: all together where that can be, else one by one."""
        keys = [key for key in due(self.engine, BATCH) if self._penalties.get(key, 0.0) <= time.monotonic()]
        if together and len(keys) > 1:
            try:
                return together(self.engine, keys)
            except StepKept as kept:
                log.warning("%d at once: %s; one by one", len(keys), kept)
            except OperationalError:
                raise  # the database is away: for one by one, too
            except Exception as error:
                log.info("%d at once: %s; one by one", len(keys), error)
        done = 0
        for key in keys:
            what = f"{do.__module__} {key}"
            done += self._guarded(what, partial(do, self.engine, key), key, partial(give_up, self.engine, key))
        return done

    def _jobs(self) -> int:
        done = 0
        while jobs.any_due(self.engine) and (job := jobs.take(self.engine)):
            done += self._guarded(f"job {job.id}", partial(self._do, job))
        return done

    def _mails(self) -> int:
        done = 0
        while mails.any_due(self.engine) and (mail := mails.take(self.engine)):
            done += self._guarded(f"mail {mail.id}", partial(self._send, mail))
        return done

    def _do(self, job: JobValues) -> None:
        """One attempt; what the handler does happens in no transaction."""
        try:
            if job.type == "mail":
                mails.prepare(self.engine, job.id)
                return
            if job.type == recovery.JOB:
                recovery.prepare(self.engine, job.id)
                return
            if job.type not in HANDLERS:
                raise PermanentFailure(said("Nobody here does jobs of the type “{type}”.", type=job.type))
            outcome = HANDLERS[job.type](job, self.engine.settings.handlers)
        except Exception as error:
            _log_surprise(error, f"job {job.id}")
            permanent = isinstance(error, PermanentFailure)
            jobs.fail(self.engine, job.id, _words(error), permanent=permanent, attempt=job.attempt)
            return
        try:
            self._report(job, outcome)
        except OperationalError:
            raise  # it is done again when its lease is over
        except Exception as error:
            self._keep(job, outcome, error)

    def _report(self, job: JobValues, outcome: Done | BpmnError) -> None:
        if isinstance(outcome, BpmnError):
            jobs.report_error(self.engine, job.id, outcome.code, outcome.problem)
        else:
            jobs.complete(self.engine, job.id, outcome.result)

    def _keep(self, job: JobValues, outcome: Done | BpmnError, error: Exception) -> None:
        """It was done outside, and Iter can't take note of it: what came of it is kept, so that it isn't done twice."""
        if isinstance(error, Overtaken):
            raise error
        log.error("job %s was done, but taking note of it failed", job.id, exc_info=error)
        if isinstance(outcome, BpmnError):
            given = {"problem": outcome.problem, "error": outcome.code}
            incident = faults.job_failed(self.engine, job.id, error, JobFailed, **given)
        else:
            incident = faults.job_failed(self.engine, job.id, error, JobCompleted, result=dict(outcome.result))
        log.error("job %s: incident %s keeps what came of it", job.id, incident)

    def _send(self, taken: mails.TakenMail) -> None:
        settings = self.engine.settings.handlers
        if not settings.smtp_url:
            mails.keep(self.engine, taken.id)
            return
        try:
            send(taken.mail, settings)
        except Exception as error:
            _log_surprise(error, f"mail {taken.id}")
            permanent = isinstance(error, PermanentFailure)
            mails.fail(self.engine, taken.id, _words(error), permanent=permanent, attempt=taken.attempt)
            return
        mails.sent(self.engine, taken.id)

    def _guarded(
        self,
        what: str,
        work: Callable[[], object],
        key: str = "",
        give_up: Callable[[Exception], int | None] | None = None,
    ) -> bool:
        """Whether `work` came to its end: nothing that goes wrong with one thing may end the others."""
        try:
            work()
        except StepKept as kept:
            log.warning("%s: %s", what, kept)
        except Exception as error:
            log.exception("%s failed", what)
            if key:
                self._penalties[key] = time.monotonic() + PENALTY
            if give_up and not isinstance(error, OperationalError):
                self._count(what, key, error, give_up)
            return False
        self._raised.pop(key, None)
        return True

    def _count(self, what: str, key: str, error: Exception, give_up: Callable[[Exception], int | None]) -> None:
        """After some tries an incident takes its place: it would fail again and again, unseen."""
        tries = self._raised[key] = self._raised.get(key, 0) + 1
        if tries < TRIES:
            return
        del self._raised[key]
        try:
            log.error("%s was tried %d times: incident %s keeps it", what, tries, give_up(error))
        except Exception:
            log.exception("%s: no incident could be made", what)

    def _tidy(self) -> None:
        now = self.engine.clock()
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            self._tidied = now
            monotonic = time.monotonic()
            self._penalties = {key: until for key, until in self._penalties.items() if until > monotonic}
            tidy(self.engine)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _log_surprise(error: Exception, what: str) -> None:
    """A failure that a handler didn't name is a mistake of ours: with its traceback."""
    if not isinstance(error, JobFailure):
        log.error("%s failed", what, exc_info=error)
