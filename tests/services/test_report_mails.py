"""Reports by mail: once in their rhythm, to who may still see them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import Role
from models.journal import OutboxMessage
from services import mail
from services.base.database import reading, transaction
from services.jobs import reporting
from services.reports import mailing
from services.reports.types import ReportKind
from tests.builders import make_user
from tests.services.report_days import NOW, evenings

pytestmark = pytest.mark.usefixtures("database")


async def test_a_report_is_mailed_once_a_week_to_who_may_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "can_send", lambda: True)
    house = await evenings()
    await reporting.follow_sales(NOW)
    async with transaction() as session:
        made = await make_user(
            session, restaurant=house.row, role=Role.MANAGER, email="marta@brasa.example"
        )
        await mailing.set_rhythm(
            session, by=made.actor, kind=ReportKind.VISITS, rhythm="week", now=NOW
        )
    await reporting.mail_reports(NOW)
    assert await _messages() == []
    monday = NOW + timedelta(days=5)
    await reporting.mail_reports(monday)
    # Days that are not counted yet are not told.
    assert await _messages() == []
    await reporting.follow_sales(monday)
    await reporting.mail_reports(monday)
    await reporting.mail_reports(monday + timedelta(hours=1))
    (message,) = await _messages()
    assert (message.payload["first_day"], message.payload["last_day"]) == (
        "2026-10-26",
        "2026-11-01",
    )
    async with reading() as session:
        found = await mailing.find_message(
            session, restaurant_id=house.row.id, payload=message.payload, now=monday
        )
    assert found is not None
    assert found.email == "marta@brasa.example"
    assert found.file.startswith(b"%PDF")
    assert "Visits: 5" in found.text

    async with transaction() as session:
        await session.execute(sa.text("UPDATE memberships SET role = 'waiter'"))
    async with reading() as session:
        gone = await mailing.find_message(
            session, restaurant_id=house.row.id, payload=message.payload, now=monday
        )
    assert gone is None


async def _messages() -> list[OutboxMessage]:
    async with reading() as session:
        return list(
            await session.scalars(
                sa.select(OutboxMessage).where(col(OutboxMessage.kind) == mailing.KIND)
            )
        )
