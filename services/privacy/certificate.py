"""The proof that somebody was erased: when, at whose request, how many rows; nothing about who."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.privacy import Erasure
from services.base.clock import to_local
from services.base.errors import NotFoundError
from services.base.texts import N_, clock_text, date_text, translate
from services.privacy.paper import Paper, Rows, Section
from services.privacy.types import AskedBy
from services.restaurants.types import RestaurantInfo

FORMAT = "smartmenu.erasure"
ASKED_WORDS = {
    AskedBy.GUEST: N_("The guest, on their own page"),
    AskedBy.STAFF: N_("The restaurant, at the guest's request"),
    AskedBy.RETENTION: N_("The time that profiles are kept was over"),
    AskedBy.RESTORE: N_("A backup from before the erasure was put back"),
}
FATE_WORDS = {
    "deleted": N_("deleted"),
    "emptied": N_("emptied"),
    "parted": N_("parted from the person"),
    "kept": N_("kept, nothing personal"),
}
TABLE_WORDS = {
    "audit_log": N_("What staff changed"),
    "cart_lines": N_("Notes in carts"),
    "carts": N_("Notes of carts"),
    "consents": N_("Choices"),
    "contact_choices": N_("Choices about messages"),
    "customer_accesses": N_("Who of the staff looked"),
    "customer_events": N_("What happened on the menu"),
    "customer_notes": N_("Notes of staff"),
    "customer_orders": N_("Orders"),
    "customer_patterns": N_("Counted facts"),
    "customer_preferences": N_("What they like"),
    "customer_profiles": N_("Counted facts"),
    "customer_rewards": N_("Rewards taken"),
    "customer_tags": N_("Tags"),
    "customer_visits": N_("Visits"),
    "customers": N_("Records"),
    "identity_links": N_("Cookies and other marks"),
    "inbox": N_("Messages that came in"),
    "loyalty_members": N_("Place in the loyalty programme"),
    "loyalty_points": N_("Points"),
    "loyalty_referrals": N_("Invitations"),
    "merge_journal": N_("Merges"),
    "order_lines": N_("Notes on dishes"),
    "segment_members": N_("Segments"),
    "sittings": N_("Notes on tables"),
    "table_reservations": N_("Reservations"),
    "waitlist_entries": N_("Places in the queue"),
}


async def get(session: AsyncSession, *, restaurant_id: UUID, erasure_id: UUID) -> Erasure:
    """One certificate.

    Raises:
        NotFoundError: the restaurant has none of this number.
    """
    row = await session.scalar(
        sa.select(Erasure).where(
            col(Erasure.restaurant_id) == restaurant_id, col(Erasure.id) == erasure_id
        )
    )
    if row is None:
        msg = N_("There is no such certificate.")
        raise NotFoundError(msg)
    return row


async def latest(session: AsyncSession, *, restaurant_id: UUID, limit: int = 20) -> list[Erasure]:
    """The newest certificates first."""
    rows = await session.scalars(
        sa.select(Erasure)
        .where(col(Erasure.restaurant_id) == restaurant_id)
        .order_by(col(Erasure.erased_at).desc(), col(Erasure.id).desc())
        .limit(limit)
    )
    return list(rows)


def as_data(row: Erasure, *, restaurant: RestaurantInfo) -> dict[str, Any]:
    """The certificate as data."""
    return {
        "format": FORMAT,
        "format_version": 1,
        "certificate_id": str(row.id),
        "restaurant": restaurant.name,
        "erased_at": row.erased_at.isoformat(),
        "asked_by": row.asked_by,
        "visits": row.visit_count,
        "orders": row.order_count,
        "rows": row.counts,
    }


def paper_of(row: Erasure, *, restaurant: RestaurantInfo, language: str) -> Paper:
    """The certificate as a document."""

    def say(message: str, **facts: object) -> str:
        return translate(language, message, **facts)

    when = _when(row.erased_at, restaurant, language)
    counted = [
        [
            say(TABLE_WORDS.get(str(table), str(table))),
            say(FATE_WORDS.get(str(fate), str(fate))),
            str(number),
        ]
        for table, fates in sorted(row.counts.items())
        for fate, number in sorted(fates.items())
    ]
    return Paper(
        title=say(N_("Certificate of erasure")),
        lead=[
            say(N_("On {when} everything that leads to one guest was erased."), when=when),
            say(N_("It cannot be undone, by nobody. This paper does not say who it was.")),
        ],
        sections=[
            Section(
                say(N_("Facts")),
                pairs=[
                    (say(N_("Number")), str(row.id)),
                    (say(N_("At whose request")), say(ASKED_WORDS[AskedBy(row.asked_by)])),
                    (say(N_("Visits of the guest")), str(row.visit_count)),
                    (say(N_("Orders of the guest")), str(row.order_count)),
                ],
            ),
            Section(
                say(N_("What happened to the rows")),
                lines=[
                    say(
                        N_(
                            "Sums of the restaurant are what they were: parted rows stay, and lead"
                            " to nobody."
                        )
                    )
                ],
                rows=Rows(
                    [say(N_("Where")), say(N_("What was done")), say(N_("Rows"))],
                    counted,
                    (4, 3, 1),
                    (2,),
                ),
            ),
        ],
        footer=say(N_("Certificate {number}"), number=row.id),
    )


def _when(moment: datetime, restaurant: RestaurantInfo, language: str) -> str:
    day = date_text(to_local(moment, restaurant.time_zone).date(), language)
    clock = clock_text(moment, time_zone=restaurant.time_zone, language=language)
    return f"{day}, {clock}"
