"""Reports by mail: who gets which, how often, and what stands in it.

A row of the outbox holds ids and days. Whoever delivers it asks for words and addressee then: who
has left the team since, or may not see revenue any more, gets nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User
from models.columns import new_id
from models.enums import Role
from models.sales import ReportMail
from services import mail
from services.accounts.types import PERMISSIONS, Actor, Permission
from services.analytics.room_types import Period
from services.base import addresses
from services.base.errors import InvalidInputError
from services.base.texts import N_, SOURCE_LANGUAGE, date_text
from services.base.upserts import insert
from services.outbox import messages
from services.reports import files
from services.reports.building import build_report
from services.reports.following import counted_until, is_counted, today_of
from services.reports.periods import Compare, Range, span_of
from services.reports.trends import word
from services.reports.types import Report, ReportKind
from services.reports.words import TITLES, change_of, number_text
from services.restaurants import queries as restaurants

KIND = "report"
RHYTHMS = frozenset({"week", "month"})


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """One report for one person of the staff."""

    sender: str
    email: str
    subject: str
    text: str
    file_name: str
    file: bytes


async def rhythm_of(
    session: AsyncSession, *, restaurant_id: UUID, user_id: UUID, kind: ReportKind
) -> str:
    """How often somebody gets a report: "week", "month", or "" for never."""
    found = await session.scalar(
        sa.select(col(ReportMail.rhythm)).where(
            col(ReportMail.restaurant_id) == restaurant_id,
            col(ReportMail.user_id) == user_id,
            col(ReportMail.kind) == kind.value,
        )
    )
    return found or ""


async def set_rhythm(
    session: AsyncSession, *, by: Actor, kind: ReportKind, rhythm: str, now: datetime
) -> None:
    """Let somebody get a report from now on, or no more.

    Args:
        session: open transaction; flushed, not committed.
        by: who gets it, at their own address.
        kind: which report.
        rhythm: "week", "month", or "" for never.
        now: aware UTC; the first one comes when the running week or month is over.

    Raises:
        InvalidInputError: there is no such rhythm, or no mail goes out from here.
    """
    await session.execute(
        sa.delete(ReportMail).where(
            col(ReportMail.restaurant_id) == by.restaurant_id,
            col(ReportMail.user_id) == by.user_id,
            col(ReportMail.kind) == kind.value,
        )
    )
    if not rhythm:
        return
    if rhythm not in RHYTHMS:
        raise InvalidInputError(N_("That cannot be."), field="rhythm")
    if not mail.can_send():
        msg = N_("No mail goes out from here: whoever runs this installation can set it up.")
        raise InvalidInputError(msg, field="rhythm")
    restaurant = await restaurants.get(session, by.restaurant_id)
    await session.execute(
        insert(session, ReportMail).values(
            id=new_id(),
            created_at=now,
            restaurant_id=by.restaurant_id,
            user_id=by.user_id,
            kind=kind.value,
            rhythm=rhythm,
            sent_until=last_period(rhythm, today_of(restaurant, now)).last_day,
        )
    )


def last_period(rhythm: str, today: date) -> Period:
    """The last whole week (Monday to Sunday) or calendar month before a day."""
    if rhythm == "week":
        last = today - timedelta(days=today.weekday() + 1)
        return Period(last - timedelta(days=6), last)
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


async def put_due(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> int:
    """Put the reports of weeks and months that have ended into the outbox, each once.

    Returns:
        How many.
    """
    restaurant = await restaurants.get(session, restaurant_id)
    today = today_of(restaurant, now)
    counted = None
    if await is_counted(session, restaurant=restaurant):
        counted = await counted_until(session, restaurant=restaurant)
    rows = await session.scalars(
        sa.select(ReportMail).where(col(ReportMail.restaurant_id) == restaurant_id)
    )
    put = 0
    for row in rows:
        period = last_period(row.rhythm, today)
        # A report of days that are still being counted waits for them.
        if row.sent_until >= period.last_day or counted is None or counted < period.last_day:
            continue
        row.sent_until = period.last_day
        await messages.put(
            session,
            restaurant_id=restaurant_id,
            kind=KIND,
            payload={
                "report_mail_id": str(row.id),
                "first_day": period.first_day.isoformat(),
                "last_day": period.last_day.isoformat(),
            },
            now=now,
            key=f"{row.id}:{period.last_day}",
        )
        put += 1
    await session.flush()
    return put


async def find_message(
    session: AsyncSession, *, restaurant_id: UUID, payload: Mapping[str, Any], now: datetime
) -> ReportMessage | None:
    """What an outbox row says now; None when nobody wants it or may see it any more."""
    found = (
        await session.execute(
            sa.select(col(ReportMail.kind), col(User.email), col(Membership.role))
            .join(User, col(User.id) == col(ReportMail.user_id))
            .join(
                Membership,
                sa.and_(
                    col(Membership.user_id) == col(User.id),
                    col(Membership.restaurant_id) == restaurant_id,
                ),
            )
            .where(
                col(ReportMail.restaurant_id) == restaurant_id,
                col(ReportMail.id) == UUID(payload["report_mail_id"]),
                col(User.is_active),
            )
        )
    ).first()
    if found is None or Permission.VIEW_REVENUE not in PERMISSIONS[Role(found.role)]:
        return None
    restaurant = await restaurants.get(session, restaurant_id)
    period = Period(
        date.fromisoformat(payload["first_day"]), date.fromisoformat(payload["last_day"])
    )
    span = span_of(Range.CUSTOM, Compare.BEFORE, period, today=today_of(restaurant, now))
    report = await build_report(
        session, kind=ReportKind(found.kind), restaurant=restaurant, span=span, now=now
    )
    title = word(TITLES[report.kind])
    return ReportMessage(
        sender=restaurant.name,
        email=found.email,
        subject=word(
            N_("{report} of {restaurant}: {first} to {last}"),
            report=title,
            restaurant=restaurant.name,
            first=date_text(period.first_day, SOURCE_LANGUAGE),
            last=date_text(period.last_day, SOURCE_LANGUAGE),
        ),
        text=_text(report),
        file_name=f"{report.kind.value}-{period.first_day}-{period.last_day}.pdf",
        file=await files.to_pdf(report, restaurant=restaurant, now=now),
    )


def _text(report: Report) -> str:
    """The numbers, a line each, and the way to the rest."""
    lines = [
        f"{word(one.name)}: {number_text(one.value, one.unit, report.currency)} "
        f"({change_of(one, report.currency).text or '–'})"
        for one in report.metrics
        if one.value is not None
    ]
    path = addresses.staff_report(report.kind.value)
    link = addresses.absolute(f"{path}?{report.span.query()}")
    return "\n".join([*lines, "", word(N_("All of it, live: {link}"), link=link)])
