"""One function says what a guest's choices allow."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent
from models.privacy import ContactChoice
from models.restaurants import Restaurant
from services.base.database import transaction
from services.privacy import purposes
from services.privacy.errors import NoSuchGuestError, NotAllowedByGuestError
from services.privacy.purposes import Channel, Purpose, Standing, may
from tests import builders
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

EVERYTHING = frozenset(Channel)


def standing(level: str, **more: object) -> Standing:
    return Standing(uuid4(), ConsentLevel(level), "2026-11", NOW, False, **more)  # type: ignore[arg-type]


REACHABLE = {"channels": EVERYTHING, "has_email": True, "has_phone": True}
ALLOWED = {
    "essential": {Purpose.SERVE, Purpose.OWN_DATA},
    "remember": {Purpose.SERVE, Purpose.OWN_DATA, Purpose.REMEMBER, Purpose.SHARE_CONTACT},
    "personalise": set(Purpose),
}


@pytest.mark.parametrize("level", ALLOWED)
def test_what_each_level_allows_when_everything_else_was_agreed_to(level: str) -> None:
    who = standing(level, **REACHABLE)
    assert {purpose for purpose in Purpose if may(who, purpose).is_allowed} == ALLOWED[level]
    assert all(may(who, p).reason for p in Purpose if p not in ALLOWED[level])


@pytest.mark.parametrize("who", [None, standing("personalise", **REACHABLE, is_gone=True)])
def test_a_stranger_and_an_erased_guest_are_served_and_no_more(who: Standing | None) -> None:
    assert {purpose for purpose in Purpose if may(who, purpose).is_allowed} == {Purpose.SERVE}


@pytest.mark.parametrize(
    ("missing", "refused"),
    [
        ({"channels": frozenset()}, set(purposes.CONTACTS)),
        ({"channels": EVERYTHING - {Channel.SMS}}, {Purpose.CONTACT_SMS}),
        ({"has_email": False}, {Purpose.CONTACT_EMAIL}),
        ({"has_phone": False}, {Purpose.CONTACT_WHATSAPP, Purpose.CONTACT_SMS}),
    ],
)
def test_writing_needs_the_channel_and_the_address(
    missing: dict[str, object], refused: set[Purpose]
) -> None:
    who = standing("personalise", **REACHABLE | missing)
    assert {one for one in Purpose if not may(who, one).is_allowed} == refused


@pytest.mark.usefixtures("database")
async def test_standings_come_from_the_newest_choices() -> None:
    day = timedelta(days=1)
    async with transaction() as session:
        info, _, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        other = await builders.make_restaurant(session)
        ana, ben, gone = [
            await builders.make_customer(session, restaurant=row, consent_level="personalise")
            for _ in range(3)
        ]
        stranger = await builders.make_customer(session, restaurant=other)
        gone.erased_at = NOW
        choices = [("remember", 9), ("personalise", 5), ("personalise", 2)]
        for number, (level, days) in enumerate(choices):
            session.add(
                Consent(
                    restaurant_id=info.id,
                    customer_id=ana.id,
                    level=level,
                    text_version=f"2026-11.{number}",
                    allows_fingerprint=number == 2,
                    language="en",
                    source="menu",
                    given_at=NOW - days * day,
                )
            )
        for channel, is_allowed, days in (("email", True, 3), ("sms", True, 3), ("sms", False, 1)):
            session.add(
                ContactChoice(
                    restaurant_id=info.id,
                    customer_id=ana.id,
                    channel=channel,
                    is_allowed=is_allowed,
                    text_version="2026-11.2",
                    source="privacy",
                    given_at=NOW - days * day,
                )
            )
        await session.flush()
        ids = [one.id for one in (ana, ben, gone, stranger)]
        found = await purposes.find_standings(session, restaurant_id=info.id, customer_ids=ids)
        with pytest.raises(NoSuchGuestError):
            await purposes.get_standing(session, restaurant_id=info.id, customer_id=stranger.id)
    assert set(found) == {ana.id, ben.id, gone.id}
    assert found[ana.id] == Standing(
        customer_id=ana.id,
        level=ConsentLevel.PERSONALISE,
        text_version="2026-11.2",
        since_at=NOW - 5 * day,
        allows_fingerprint=True,
        channels=frozenset({Channel.EMAIL}),
    )
    # No choice is logged: the record itself says since when.
    assert (found[ben.id].text_version, found[ben.id].since_at) == ("", NOW)
    allowed = {one for one in found if purposes.may(found[one], Purpose.REMEMBER).is_allowed}
    assert allowed == {ana.id, ben.id}


@pytest.mark.usefixtures("database")
async def test_a_guest_who_changed_their_mind_is_left_out_at_once() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        ana = await builders.make_customer(session, restaurant=row)
        await session.execute(sa.update(Customer).values(consent_level="essential"))
        found = await purposes.get_standing(session, restaurant_id=info.id, customer_id=ana.id)
        with pytest.raises(NotAllowedByGuestError, match="does not want to be remembered"):
            purposes.require(found, Purpose.SHARE_CONTACT)
        purposes.require(found, Purpose.SERVE)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in purposes.CONTACTS])
async def test_a_query_and_a_screen_say_the_same_of_everybody(purpose: Purpose) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        made: list[Customer] = []
        for level in ConsentLevel:
            for columns in ({}, {"erased_at": NOW}, {"merged_into_id": made[0].id if made else 0}):
                if columns.get("merged_into_id") == 0:
                    continue
                made.append(
                    await builders.make_customer(
                        session, restaurant=restaurant, consent_level=level, **columns
                    )
                )
        asked = await purposes.find_standings(
            session, restaurant_id=restaurant.id, customer_ids=[one.id for one in made]
        )
        found = set(
            await session.scalars(sa.select(Customer.id).where(purposes.who_may(purpose)))  # type: ignore[call-overload]
        )
    assert found == {one for one, who in asked.items() if may(who, purpose).is_allowed}


def test_channels_are_not_asked_of_many_at_once() -> None:
    with pytest.raises(ValueError, match="channels"):
        purposes.who_may(Purpose.CONTACT_EMAIL)
