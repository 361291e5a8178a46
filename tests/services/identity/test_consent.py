"""A choice of three: what it makes, what it removes, and that every one is logged."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import ConsentLevel, ConsentMode, OrderStatus
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink
from models.ordering import Order
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.guests import consent, visits
from services.identity.errors import ConsentRefusedError
from services.identity.types import ConsentGiven, ConsentQuestion, Guest, RestoredSignals, Signals
from services.restaurants.types import RestaurantInfo
from tests import builders
from tests.builders.arrivals import RNG, agree, arrive
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")
ESSENTIAL = ConsentLevel.ESSENTIAL


async def test_a_guest_who_declines_leaves_no_customer_and_only_a_session() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        begun = await arrive(session, info, "phone-1", table_code=code)
        given = await agree(session, info, begun.guest, level=ESSENTIAL)
    async with reading() as session:
        assert await count(session, Customer) == 0
        assert await count(session, IdentityLink) == 0
        logged = (await session.scalars(sa.select(Consent))).one()
        visit = (await session.scalars(sa.select(Visit))).one()
        owners = set(await session.scalars(sa.select(CustomerEvent.customer_id)))
    assert (given.client_id, given.client_token) == (None, None)
    assert given.guest == replace(begun.guest, consent_level=ESSENTIAL)
    assert (logged.level, logged.customer_id, logged.visit_id) == ("essential", None, visit.id)
    assert (logged.text_version, logged.language, logged.source) == ("2026-11", "en", "menu")
    assert visit.customer_id is None
    assert owners == {None}


async def test_remembering_takes_over_the_visit_with_its_alias_events_and_orders() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        begun = await arrive(session, info, "phone-1", table_code=code)
        visit = await session.get_one(Visit, begun.guest.visit_id)
        dish = await builders.make_dish(session, restaurant=await _restaurant(session, info))
        await make_past_order(session, visit=visit, dish=dish, quantity=2)
        given = await agree(session, info, begun.guest, now=NOW + timedelta(minutes=9))
    async with reading() as session:
        customer = (await session.scalars(sa.select(Customer))).one()
        assert set(await session.scalars(sa.select(CustomerEvent.customer_id))) == {customer.id}
        assert set(await session.scalars(sa.select(Order.customer_id))) == {customer.id}
        assert set(await session.scalars(sa.select(Visit.customer_id))) == {customer.id}
        links = (await session.scalars(sa.select(IdentityLink))).all()
    assert customer.alias == begun.guest.alias == given.guest.alias
    assert (customer.first_seen_at, customer.first_table_id) == (NOW, table.id)
    assert customer.first_area_id == table.area_id
    # 2 x 9.50.
    assert (customer.total_visits, customer.total_orders, customer.total_spent_minor) == (
        1,
        1,
        1900,
    )
    assert sorted(link.kind for link in links) == ["cookie", "token"]
    stored = {link.value_hash for link in links}
    assert given.client_id not in stored
    assert given.client_token not in stored
    assert given.client_id != given.client_token
    assert given.guest.consent_level is ConsentLevel.REMEMBER


async def test_consenting_twice_makes_one_customer_and_logs_both() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await arrive(session, info, "phone-1")).guest
        first = await agree(session, info, guest)
        second = await agree(
            session, info, first.guest, level=ConsentLevel.PERSONALISE, now=NOW + timedelta(hours=1)
        )
    async with reading() as session:
        customer = (await session.scalars(sa.select(Customer))).one()
        levels = list(await session.scalars(sa.select(Consent.level).order_by(Consent.given_at)))
    assert first.guest.customer_id == second.guest.customer_id == customer.id
    assert customer.consent_level == "personalise"
    assert levels == ["remember", "personalise"]


async def test_consenting_in_two_tabs_at_once_makes_one_customer() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await arrive(session, info, "phone-1")).guest

    async def one_tab() -> object:
        async with transaction() as session:
            return (await agree(session, info, guest)).guest.customer_id

    found = await asyncio.gather(*(one_tab() for _ in range(5)))
    async with reading() as session:
        assert await count(session, Customer) == 1
        assert await count(session, Consent) == 5
    assert len(set(found)) == 1


async def test_going_back_to_this_visit_only_removes_every_way_back() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        first = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        tomorrow = NOW + timedelta(days=1)
        shown = Signals("phone-1b", first.client_id or "", first.client_token or "")
        again = (
            await arrive(session, info, "phone-1b", client_id=first.client_id or "", now=tomorrow)
        ).guest
        visit = await session.get_one(Visit, again.visit_id)
        dish = await builders.make_dish(session, restaurant=await _restaurant(session, info))
        order = await make_past_order(session, visit=visit, dish=dish, order_status="pending")
        stopped = await agree(session, info, again, level=ESSENTIAL, now=tomorrow)
        found = await visits.find_guest(session, restaurant=info, signals=shown, now=tomorrow)
        next_week = await arrive(
            session,
            info,
            "phone-1c",
            client_id=first.client_id or "",
            client_token=first.client_token or "",
            now=NOW + timedelta(days=7),
        )
        customer = await session.get_one(Customer, again.customer_id)
        await session.refresh(order)
        assert await count(session, IdentityLink) == 0
    # The guest goes on with the visit, its cart and its order, as nobody, under another alias.
    assert found == stopped.guest
    assert stopped.guest.visit_id == again.visit_id
    assert (stopped.guest.customer_id, stopped.guest.consent_level) == (None, ESSENTIAL)
    assert stopped.guest.alias != customer.alias
    assert (order.customer_id, order.guest_alias) == (None, stopped.guest.alias)
    assert (customer.consent_level, customer.total_visits) == ("essential", 1)
    assert next_week.guest.customer_id is None
    assert next_week.guest.consent_level is None


async def test_a_visit_that_was_to_be_forgotten_is_not_taken_over_later() -> None:
    later = NOW + timedelta(hours=5)
    async with transaction() as session:
        info, _, _ = await room(session)
        lunch = (await arrive(session, info, "phone-1")).guest
        await agree(session, info, lunch, level=ESSENTIAL)
        dinner = (await arrive(session, info, "phone-1", now=later)).guest
        given = await agree(session, info, dinner, now=later)
        first = await session.get_one(Visit, lunch.visit_id)
        customer = await session.get_one(Customer, given.guest.customer_id)
        await session.refresh(first)
    assert first.customer_id is None
    assert (customer.total_visits, customer.first_seen_at) == (1, later)


async def test_an_unanswered_visit_of_the_same_session_is_taken_over() -> None:
    later = NOW + timedelta(hours=5)
    async with transaction() as session:
        info, _, _ = await room(session)
        await arrive(session, info, "phone-1")
        dinner = (await arrive(session, info, "phone-1", now=later)).guest
        given = await agree(session, info, dinner, now=later)
        customer = await session.get_one(Customer, given.guest.customer_id)
    assert (customer.total_visits, customer.visit_days, customer.first_seen_at) == (2, 1, NOW)


async def test_whichever_signal_is_missing_comes_back_from_the_other() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        cookie, token = given.client_id or "", given.client_token or ""

        async def restore(client_id: str, client_token: str) -> RestoredSignals:
            return await consent.restore_cookie(
                session,
                restaurant=info,
                signals=Signals("x", client_id, client_token),
                now=NOW + timedelta(days=30),
            )

        new_cookie = await restore("", token)
        new_token = await restore(cookie, "")
        nothing = await restore("made up", "made up")
        both = await restore(cookie, token)
        by_new = await visits.find_guest(
            session,
            restaurant=info,
            signals=Signals("phone-9", new_cookie.client_id or ""),
            now=NOW + timedelta(minutes=1),
        )
    assert new_cookie.client_id not in (None, cookie)
    assert new_cookie.client_token is None
    assert new_token.client_token not in (None, token)
    assert new_token.client_id is None
    assert nothing == RestoredSignals()
    assert both == RestoredSignals(is_known=True)
    assert by_new == given.guest


async def test_a_cookie_is_worth_nothing_after_a_year_without_a_visit() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        cookie = given.client_id or ""
        used = await arrive(session, info, "s2", client_id=cookie, now=NOW + timedelta(days=300))
        kept = await arrive(session, info, "s3", client_id=cookie, now=NOW + timedelta(days=664))
        gone = await arrive(
            session, info, "s4", client_id=cookie, now=NOW + timedelta(days=664 + 365)
        )
    assert used.guest.customer_id == kept.guest.customer_id == given.guest.customer_id
    assert gone.guest.customer_id is None


@pytest.mark.parametrize(
    ("mode", "level", "has_gpc", "shown"),
    [
        (ConsentMode.ASK, None, False, ConsentQuestion.ASK),
        (ConsentMode.NOTICE, None, False, ConsentQuestion.NOTICE),
        (ConsentMode.ASK, None, True, ConsentQuestion.NOTHING),
        (ConsentMode.NOTICE, None, True, ConsentQuestion.NOTHING),
        (ConsentMode.ASK, ESSENTIAL, False, ConsentQuestion.NOTHING),
        (ConsentMode.NOTICE, ESSENTIAL, False, ConsentQuestion.NOTHING),
        (ConsentMode.ASK, ConsentLevel.REMEMBER, False, ConsentQuestion.NOTHING),
    ],
)
async def test_who_is_asked(
    mode: ConsentMode, level: ConsentLevel | None, has_gpc: bool, shown: ConsentQuestion
) -> None:
    assert consent.question(mode=mode, level=level, has_privacy_control=has_gpc) is shown


async def test_notice_remembers_only_where_it_may() -> None:
    async with transaction() as session:
        asks, _, _ = await room(session)
        gives_notice, _, _ = await room(session, consent_mode="notice")
        here = (await arrive(session, asks, "phone-1")).guest
        there = (await arrive(session, gives_notice, "phone-1")).guest
        with pytest.raises(ConsentRefusedError):
            await _by_notice(session, asks, here)
        with pytest.raises(ConsentRefusedError):
            await _by_notice(session, gives_notice, there, has_privacy_control=True)
        assert await count(session, Customer) == 0
        given = await _by_notice(session, gives_notice, there)
        assert await count(session, Customer) == 1
        await agree(session, gives_notice, given.guest, level=ESSENTIAL)
        with pytest.raises(ConsentRefusedError):
            await _by_notice(session, gives_notice, given.guest)
        # With the privacy signal a guest may still choose.
        chosen = await consent.give_consent(
            session,
            restaurant=asks,
            guest=here,
            level=ConsentLevel.REMEMBER,
            allows_fingerprint=False,
            language="en",
            source="privacy",
            now=NOW,
            rng=RNG,
            has_privacy_control=True,
        )
    assert chosen.guest.customer_id is not None


async def test_an_open_order_keeps_the_kitchen_informed_after_declining() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        visit = await session.get_one(Visit, given.guest.visit_id)
        dish = await builders.make_dish(session, restaurant=await _restaurant(session, info))
        order = await make_past_order(
            session,
            visit=visit,
            dish=dish,
            order_status=OrderStatus.PREPARING,
            note="no onions",
            allergens=["nuts"],
        )
        await agree(session, info, given.guest, level=ESSENTIAL)
        await session.refresh(order)
    assert (order.note, order.allergens, order.order_status) == ("no onions", ["nuts"], "preparing")


async def _by_notice(
    session: AsyncSession, info: RestaurantInfo, guest: Guest, **more: Any
) -> ConsentGiven:
    return await consent.give_consent(
        session,
        restaurant=info,
        guest=guest,
        level=ConsentLevel.REMEMBER,
        allows_fingerprint=False,
        language="en",
        source="notice",
        now=NOW,
        rng=RNG,
        **more,
    )


async def _restaurant(session: AsyncSession, info: RestaurantInfo) -> Restaurant:
    return await session.get_one(Restaurant, info.id)
