"""The inbox: stored once, worked once, whoever dies in the middle."""

import asyncio
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import DeliveryStatus
from models.journal import InboxMessage
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.inbox import messages, working
from services.inbox.types import Arrived, Letter
from services.inbox.working import work_due
from services.outbox import rules
from tests.builders import NOW, make_restaurant

pytestmark = pytest.mark.usefixtures("database")


class Worker:
    """Makes a restaurant of each message, so that work done twice would be seen."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.attempts: list[int] = []

    async def __call__(self, session: AsyncSession, arrived: Arrived, now: datetime) -> None:
        self.attempts.append(arrived.attempt_number)
        await make_restaurant(session, name=arrived.body.decode())
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def _store(external_id: str, *, at: datetime = NOW, source: str = "whatsapp") -> bool:
    async with transaction() as session:
        letter = Letter(source, external_id, external_id.encode(), at)
        return bool(await messages.store_all(session, letters=[letter]))


async def _row() -> InboxMessage:
    async with reading() as session:
        (row,) = await session.scalars(sa.select(InboxMessage))
        return row


async def _done() -> list[str]:
    async with reading() as session:
        found = await session.scalars(sa.select(col(Restaurant.name)))
        return sorted(found)


async def _work(worker: Worker, at: datetime = NOW) -> None:
    with time_machine.travel(at, tick=False):
        await work_due(at, workers={"whatsapp": worker})


async def test_a_message_sent_ten_times_at_once_is_stored_once_and_worked_once() -> None:
    stored = await asyncio.gather(*(_store("a") for _ in range(10)))
    assert sum(stored) == 1
    worker = Worker()
    await asyncio.gather(*(_work(worker) for _ in range(5)))
    assert await _store("a") is False
    await _work(worker, NOW + timedelta(days=1))
    assert await _done() == ["a"]
    row = await _row()
    assert (row.status, row.attempt_count, row.processed_at) == (DeliveryStatus.DONE, 1, NOW)


async def test_the_most_urgent_source_goes_first_however_much_of_another_waits() -> None:
    seen: list[str] = []

    async def note(_session: AsyncSession, arrived: Arrived, _now: datetime) -> None:
        seen.append(arrived.body.decode())

    for number in range(1, 8):
        await _store(f"s{number}", at=NOW - timedelta(minutes=1), source="status")
    await _store("urgent 1")
    with time_machine.travel(NOW, tick=False):
        await work_due(NOW, workers={"whatsapp": note, "status": note})
    assert seen == ["urgent 1", *(f"s{number}" for number in range(1, 8))]


async def test_five_processes_share_the_messages() -> None:
    names = [f"m{number:02}" for number in range(20)]
    for name in names:
        await _store(name)
    worker = Worker()
    await asyncio.gather(*(_work(worker) for _ in range(5)))
    assert await _done() == names
    assert worker.attempts == [1] * 20


async def test_work_that_fails_leaves_nothing_and_is_done_later() -> None:
    await _store("a")
    worker = Worker(KeyError("+34 600 000 000"))
    await _work(worker)
    assert await _done() == []
    row = await _row()
    assert (row.status, row.last_error, row.processed_at) == (
        DeliveryStatus.WAITING,
        "KeyError",
        None,
    )
    await _work(worker, row.next_attempt_at)
    assert await _done() == ["a"]
    assert (await _row()).last_error is None


async def test_a_process_that_dies_in_the_middle_of_the_work_is_replaced_after_its_lease() -> None:
    await _store("a")
    async with transaction() as session:
        assert await messages.claim(session, sources=["whatsapp"], limit=1, now=NOW)
    worker = Worker()
    await _work(worker, NOW + rules.LEASE - timedelta(seconds=1))
    assert worker.attempts == []
    await _work(worker, NOW + rules.LEASE)
    assert worker.attempts == [2]
    assert await _done() == ["a"]


async def test_who_has_lost_the_claim_does_nothing() -> None:
    await _store("a")
    async with transaction() as session:
        (late,) = await messages.claim(session, sources=["whatsapp"], limit=1, now=NOW)
    await _work(Worker(), NOW + rules.LEASE)
    async with transaction() as session:
        assert await messages.mark_done(session, arrived=late, now=NOW) is False
    worker = Worker()
    await working._attempt(late, {"whatsapp": worker})
    assert worker.attempts == []
    assert await _done() == ["a"]


async def test_what_nobody_can_work_on_is_given_up_and_the_next_is_worked() -> None:
    await _store("a")
    await _store("b", at=NOW + timedelta(seconds=1))
    await _work(Worker(InvalidInputError("no")), NOW + timedelta(seconds=1))
    assert await _done() == ["b"]
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(InboxMessage.status)).order_by(col(InboxMessage.external_id))
        )
        assert list(found) == [DeliveryStatus.FAILED, DeliveryStatus.DONE]


async def test_a_source_nobody_knows_here_waits() -> None:
    await _store("a", source="telex")
    await _work(Worker())
    await work_due(NOW, workers={})
    assert (await _row()).attempt_count == 0


async def test_a_clock_set_back_an_hour_delays_no_message() -> None:
    await _store("a", at=NOW + timedelta(hours=1))
    await _work(Worker())
    assert await _done() == ["a"]


async def test_old_messages_are_deleted_and_waiting_ones_never() -> None:
    await _store("a")
    await _work(Worker())
    await _store("b", source="telex")
    async with transaction() as session:
        await messages.purge(session, now=NOW + timedelta(days=31))
    assert (await _row()).external_id == "b"
