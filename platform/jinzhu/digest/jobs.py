"""Letters on their way: the clock finds what is due, a job of each center hands it in.

Before a letter is handed in, the row says "sending", and that is committed; after it, what became
of it.  Whoever finds a row at "sending" with no worker at it does not know whether the letter has
gone, and does not send it again: of a digest there is one for a day, or none.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core import calendar, cipher, clock, jobs, language, mail
from jinzhu.core.calendar import DAY
from jinzhu.core.db import db
from jinzhu.core.jobs import Run, job
from jinzhu.core.mail import Letter, Outcome, Result
from jinzhu.core.models import JobState
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import work
from jinzhu.digest import letters, reading, service, timing
from jinzhu.digest.models import (
    AddressState,
    Digest,
    DigestLetter,
    Frequency,
    LetterState,
    Purpose,
)
from jinzhu.workdays import service as workdays

#: What passes before a letter is tried again, in minutes; after the last it is given up.
TRIED_AGAIN = (5, 15, 60, 180)
#: Letters are forgotten after so many days.
KEPT = 90
OPEN = (LetterState.QUEUED, LetterState.SENDING)


@clock.due("app.due_digests")
def begin(*, day: date) -> None:
    """Write the letters of a day at the own center, and give a job all that wait."""
    _give_up_old(day)
    found = db.session.scalars(
        select(Digest)
        .where(
            Digest.tenant_id == current().tenant_id,
            Digest.state == AddressState.CONFIRMED,
            Digest.frequency != Frequency.OFF,
            Digest.hour <= calendar.now().hour,
            or_(Digest.looked_on.is_(None), Digest.looked_on < day),
        )
        .with_for_update(skip_locked=True)
    ).all()
    days = workdays.here()
    wanted = [one for one in found if timing.due_on(day, one.frequency, days)]
    if wanted and mail.server():
        rows = [{"account_id": o.account_id, "purpose": Purpose.DIGEST, "day": day, "seed": o.seed}
                for o in wanted]  # fmt: skip
        db.session.execute(insert(DigestLetter).values(rows).on_conflict_do_nothing())
    for one in found:
        one.looked_on = day
    _hand_to_a_job(day)


def _hand_to_a_job(day: date) -> None:
    """Give what waits to one job."""
    batch = secrets.token_urlsafe(12)
    given = db.session.execute(
        update(DigestLetter)
        .where(
            DigestLetter.tenant_id == current().tenant_id,
            DigestLetter.state == LetterState.WAITING,
            DigestLetter.try_after <= func.now(),
        )
        .values(state=LetterState.QUEUED, batch=batch)
        .returning(DigestLetter.id)
    ).all()
    if given:
        send.later(batch=batch, day=str(day))


def _give_up_old(day: date) -> None:
    """Give up what could not be sent on its day, and forget what is long over."""
    here = DigestLetter.tenant_id == current().tenant_id
    waited = (DigestLetter.state == LetterState.WAITING) & (DigestLetter.day < day)
    left = DigestLetter.state.in_(OPEN) & (DigestLetter.day < day - DAY)
    _end(here, or_(waited, left))
    db.session.execute(delete(DigestLetter).where(here, DigestLetter.day < day - DAY * KEPT))


def _end(*which: ColumnElement[bool]) -> None:
    """End letters that nobody will hand in: what was on its way may have gone."""
    on_its_way = DigestLetter.state == LetterState.SENDING
    state = case((on_its_way, LetterState.UNCLEAR.value), else_=LetterState.FAILED.value)
    db.session.execute(update(DigestLetter).where(*which).values(state=state, ended_at=func.now()))


@dataclass(frozen=True, slots=True)
class Task:
    """A letter that is to be handed in now: to whom, for what, and who they are today."""

    letter_id: int
    account_id: int
    purpose: Purpose
    day: date
    seed: str
    language: str
    to: str
    center: str
    until: Any
    posts: Any

    @property
    def number(self) -> str:
        """Return what the letter is called by mail servers: the same however often it is sent."""
        return f"jinzhu.{self.seed[:12]}.{self.purpose}.{self.letter_id}"


@job("digest.send")
def send(run: Run, batch: str, day: str) -> None:
    """Hand in the letters of a batch, one after the other."""
    _end_those_left_behind(run, batch)
    while (task := _next(run, batch)) is not None:
        letter = _written(run, task)
        if letter is None:
            _nothing_to_send(run, task)
        elif _on_its_way(run, task):
            result = mail.send(letter, to=task.to)
            _note(run, task, result)
            if result.outcome is Outcome.AWAY:
                _put_off(run, batch)


def begin_sending(letter: DigestLetter) -> int:
    """Let a letter be sent that was just written; return the number of the job."""
    return send.later(batch=letter.batch, day=str(letter.day))


def _end_those_left_behind(run: Run, batch: str) -> None:
    """End what a worker was killed over: it may have gone."""
    with run.step() as progress:
        _end(*_in(batch), DigestLetter.state == LetterState.SENDING)
        count = select(func.count(DigestLetter.id)).where(*_in(batch))
        progress.total = db.session.scalar(count) or 0


def _in(batch: str) -> list[ColumnElement[bool]]:
    return [DigestLetter.tenant_id == current().tenant_id, DigestLetter.batch == batch]


def _next(run: Run, batch: str) -> Task | None:
    """Return the next letter of a batch that is still wanted; end those that are not."""
    with run.step() as progress:
        while (row := _queued(batch)) is not None:
            found = _wanted(row)
            if found is not None:
                progress.done = progress.total - _left(batch)
                return _task(row, found)
            _over(row, LetterState.EMPTY)
            db.session.flush()
        progress.done = progress.total
    return None


def _left(batch: str) -> int:
    open_ones = select(func.count(DigestLetter.id)).where(*_in(batch), DigestLetter.state.in_(OPEN))
    return db.session.scalar(open_ones) or 0


def _queued(batch: str) -> DigestLetter | None:
    return db.session.scalar(
        select(DigestLetter)
        .where(*_in(batch), DigestLetter.state == LetterState.QUEUED)
        .order_by(DigestLetter.id)
        .limit(1)
        .with_for_update()
    )


def _wanted(row: DigestLetter) -> Digest | None:
    """Return who a letter goes to, if the address is still the same and still wants it."""
    asks = row.purpose is Purpose.CONFIRMATION
    found = db.session.scalar(
        select(Digest).where(
            Digest.tenant_id == row.tenant_id,
            Digest.account_id == row.account_id,
            Digest.seed == row.seed,
            Digest.state == (AddressState.ASKED if asks else AddressState.CONFIRMED),
        )
    )
    if found is None or not (asks or found.frequency is not Frequency.OFF):
        return None
    return found


def _task(row: DigestLetter, found: Digest) -> Task:
    return Task(
        letter_id=row.id,
        account_id=row.account_id,
        purpose=row.purpose,
        day=row.day,
        seed=row.seed,
        language=found.language,
        to=cipher.unseal(found.address, place=service.place(row.account_id)),
        center=reading.center_name(),
        until=found.confirm_until,
        posts=reading.posts(row.account_id),
    )


def _written(run: Run, task: Task) -> Letter | None:
    """Write a letter; None where nothing waits, or nobody is there any more."""
    if not task.posts:
        return None
    if task.purpose is Purpose.CONFIRMATION:
        with language.spoken(task.language):
            return letters.confirmation(
                center=task.center, seed=task.seed, until=task.until, number=task.number
            )
    found = reading.parts(
        task.account_id, task.posts, center_id=run.tenant_id, spoken=task.language
    )
    if not found:
        return None
    with language.spoken(task.language):
        return letters.digest(
            found, center=task.center, day=task.day, seed=task.seed, number=task.number
        )


def _on_its_way(run: Run, task: Task) -> bool:
    """Say in the database that a letter is about to be handed in, unless it is wanted no more."""
    with run.step():
        row = _row(task)
        if row.state is not LetterState.QUEUED or _wanted(row) is None:
            return False
        row.state, row.attempts = LetterState.SENDING, row.attempts + 1
        return True


def _row(task: Task) -> DigestLetter:
    return db.session.scalars(
        select(DigestLetter)
        .where(DigestLetter.tenant_id == current().tenant_id, DigestLetter.id == task.letter_id)
        .with_for_update()
    ).one()


def _nothing_to_send(run: Run, task: Task) -> None:
    with run.step():
        _over(_row(task), LetterState.EMPTY)


def _note(run: Run, task: Task, result: Result) -> None:
    """Note what became of a letter, whether or not the job is to be stopped meanwhile."""
    with work(run.scope):
        _became(_row(task), result)


def _over(row: DigestLetter, state: LetterState) -> None:
    row.state, row.ended_at = state, calendar.now()


def _became(row: DigestLetter, result: Result) -> None:
    """Note what became of a letter: it is sent, is tried again, or ends."""
    row.code = result.code
    if result.outcome in (Outcome.LATER, Outcome.AWAY):
        _try_again(row)
    elif result.outcome is Outcome.SENT:
        _over(row, LetterState.SENT)
    elif result.outcome is Outcome.UNCLEAR:
        _over(row, LetterState.UNCLEAR)
    else:
        _over(row, LetterState.FAILED)
    if result.outcome is Outcome.REFUSED:
        _refused(row)


def _try_again(row: DigestLetter) -> None:
    if row.attempts > len(TRIED_AGAIN):
        return _over(row, LetterState.FAILED)
    row.state = LetterState.WAITING
    row.try_after = calendar.now() + timedelta(minutes=TRIED_AGAIN[row.attempts - 1])
    return None


def _refused(row: DigestLetter) -> None:
    """Send nothing any more to an address that the mail server refuses; the page says so."""
    db.session.execute(
        update(Digest)
        .where(
            Digest.tenant_id == row.tenant_id,
            Digest.account_id == row.account_id,
            Digest.seed == row.seed,
        )
        .values(state=AddressState.REFUSED, confirm_hash="", confirm_until=None)
    )


def _put_off(run: Run, batch: str) -> None:
    """Put off the rest of a batch: where the server is away, it is away for all."""
    with run.step():
        rest = select(DigestLetter).where(*_in(batch), DigestLetter.state == LetterState.QUEUED)
        for row in db.session.scalars(rest.with_for_update()):
            row.attempts += 1
            _try_again(row)


def _ended(arguments: dict[str, Any], state: JobState, error: str | None) -> None:
    """End what a job that failed or was stopped has left."""
    if state in (JobState.FAILED, JobState.CANCELLED):
        _end(
            *_in(arguments["batch"]),
            DigestLetter.state.in_(OPEN),
        )


jobs.ENDINGS["digest.send"] = _ended
