"""Where rows about customers are, and what erasing does to them: one list, walked by everybody.

A table that names a customer and stands neither here nor in `ERASED_BY_HAND` fails
tests/architecture/test_privacy_places.py: nobody adds a place for personal data and forgets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from models.events import CustomerEvent
from models.identity import Consent, IdentityLink, MergeEntry
from models.insights import CustomerInsight
from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyPoint, LoyaltyReferral
from models.ordering import Order
from models.predictions import CustomerPrediction
from models.privacy import ContactChoice, CustomerAccess
from models.profiles import (
    CustomerItem,
    CustomerNote,
    CustomerPattern,
    CustomerPreference,
    CustomerProfile,
    CustomerTag,
)
from models.reservations import TableReservation
from models.segments import SegmentMember
from models.visits import Visit
from services.identity import aliases

# Columns of a reservation that tell of its guest, emptied.
NOBODY: dict[str, Any] = {
    "reservation_name_encrypted": None,
    "phone_number_encrypted": None,
    "email_encrypted": None,
    "special_requests_encrypted": None,
    "phone_hash": None,
    "email_hash": None,
    "booked_by_hash": None,
}


class Fate(StrEnum):
    """What erasing does to the rows of one place."""

    DELETED = "deleted"
    # The row stays for the restaurant's sums and leads to nobody.
    PARTED = "parted"
    # The row stays with the empty record, without what it told.
    EMPTIED = "emptied"
    # Holds nothing of the guest.
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one table that name a customer in one column."""

    table: type[SQLModel]
    fate: Fate
    owner: str = "customer_id"
    # What is written into the columns that tell something.
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        """Of the table in the database."""
        return str(self._columns.description)

    @property
    def _columns(self) -> sa.FromClause:
        return sa.inspect(self.table).local_table

    def of(self, restaurant_id: UUID, ids: list[UUID]) -> sa.ColumnElement[bool]:
        """The condition on the rows of these customers."""
        columns = self._columns.c
        return sa.and_(columns["restaurant_id"] == restaurant_id, columns[self.owner].in_(ids))

    async def count(self, session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]) -> int:
        """How many rows erasing would meet here."""
        counted = sa.select(sa.func.count()).select_from(self.table)
        return await session.scalar(counted.where(self.of(restaurant_id, ids))) or 0

    async def erase(self, session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]) -> int:
        """Do what erasing does here; returns how many rows it met."""
        which = self.of(restaurant_id, ids)
        if self.fate is Fate.KEPT:
            return await self.count(session, restaurant_id=restaurant_id, ids=ids)
        values = dict(self.values)
        if self.fate is Fate.PARTED:
            values[self.owner] = None
        change = (
            sa.delete(self.table)
            if self.fate is Fate.DELETED
            else sa.update(self.table).values(values)
        )
        owner = self._columns.c["restaurant_id"]
        done = await session.scalars(
            change.where(which).returning(owner).execution_options(synchronize_session=False)
        )
        return len(done.all())


PLACES: tuple[Place, ...] = (
    Place(IdentityLink, Fate.DELETED),
    Place(ContactChoice, Fate.DELETED),
    Place(CustomerNote, Fate.DELETED),
    Place(CustomerTag, Fate.DELETED),
    Place(CustomerProfile, Fate.DELETED),
    Place(CustomerPattern, Fate.DELETED),
    Place(CustomerPreference, Fate.DELETED),
    Place(CustomerItem, Fate.DELETED),
    Place(CustomerPrediction, Fate.DELETED),
    Place(CustomerInsight, Fate.DELETED),
    Place(SegmentMember, Fate.DELETED),
    # One lot pays for several evenings: rows that stayed would tie them together.
    Place(LoyaltyPoint, Fate.DELETED),
    Place(LoyaltyMember, Fate.DELETED),
    Place(LoyaltyReferral, Fate.DELETED),
    Place(LoyaltyReferral, Fate.PARTED, owner="inviter_id"),
    # What a reward cost stays in the restaurant's sums; its code opens nothing any more.
    Place(CustomerReward, Fate.PARTED, values={"code_hash": None, "cart_id": None}),
    Place(
        Visit,
        Fate.PARTED,
        values={
            "session_hash": None,
            "guest_alias": aliases.NO_ALIAS,
            "device_info": {},
            "referrer": None,
            "invite_code": None,
            "allergens": [],
        },
    ),
    Place(CustomerEvent, Fate.PARTED),
    Place(Order, Fate.PARTED, values={"guest_alias": aliases.NO_ALIAS}),
    # A table that is booked stays booked, for somebody whom nobody knows any more.
    Place(TableReservation, Fate.PARTED, values=NOBODY),
    # The choices stay as proof that they were made, without the visits they were made in.
    Place(Consent, Fate.EMPTIED, values={"visit_id": None}),
    Place(MergeEntry, Fate.EMPTIED, owner="kept_customer_id", values={"moved": {}}),
    Place(MergeEntry, Fate.EMPTIED, owner="merged_customer_id", values={"moved": {}}),
    # Who of the staff looked, for as long as the log is kept: it says nothing about the guest.
    Place(CustomerAccess, Fate.KEPT),
)
