"""A guest's points and rewards as a browser without scripts sees them."""

import re
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyReferral
from models.restaurants import Restaurant
from models.visits import Visit
from services.base import clock
from services.base.database import reading, transaction
from services.loyalty import members
from services.loyalty.programme_json import rules_of
from smartmenu.http import guest_page, rewards
from tests.builders import make_restaurant, restaurant_info
from tests.builders.arrivals import agree, arrive
from tests.builders.loyalty import make_lot, make_programme, make_reward
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
VISIT = "a visit's cookie of this browser"
PAGE = "/menu/brasa/rewards"
_SOME = UUID("01920000-0000-7000-8000-000000000001")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    guest_page._restaurants.clear()


async def _guest(points: int = 250, *, remembered: bool = True, **rules: Any) -> Restaurant:
    async with transaction() as session:
        row = await make_restaurant(session, slug="brasa", languages=["en", "ar"])
        await make_programme(session, restaurant_id=row.id, **rules)
        info = await restaurant_info(session, row)
        here = (await arrive(session, info, VISIT, now=clock.now())).guest
        if remembered:
            here = (await agree(session, info, here, now=clock.now())).guest
            customer = await session.get_one(Customer, here.customer_id)
            await make_lot(session, customer=customer, points=points)
            await members.recount(
                session,
                restaurant_id=row.id,
                customer_id=customer.id,
                rules=rules_of({}),
                now=clock.now(),
            )
    return row


async def _get(path: str = PAGE, **cookies: str) -> tuple[int, str]:
    async with client_of(rewards.routes) as client:
        for name, value in ({"smartmenu_visit": VISIT} | cookies).items():
            client.cookies.set(name, value)
        answer = await client.get(path)
    assert answer.status_code == 404 or "no-store" in answer.headers["cache-control"]
    return answer.status_code, answer.text


async def _post(**form: str) -> tuple[int, str]:
    async with client_of(rewards.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        answer = await client.post(PAGE, data=form)
    return answer.status_code, answer.headers.get("location", "") or answer.text


async def test_a_guest_takes_a_reward_shows_its_code_and_gives_it_back() -> None:
    row = await _guest()
    async with transaction() as session:
        reward = await make_reward(session, restaurant_id=row.id)
    status, html = await _get()
    assert status == 200
    assert 'data-points="250"' in html
    assert 'data-tier="silver"' in html
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key is not None
    form = {"act": "redeem", "reward_id": str(reward.id), "key": key[1]}
    for _ in range(2):
        assert await _post(**form) == (303, f"{PAGE}?done=taken")
    _, html = await _get(f"{PAGE}?done=taken")
    assert html.count('data-testid="reward-code"') == 1
    assert 'data-points="150"' in html
    assert "It is valid for 15 minutes" in html
    assert 'src="data:image/svg+xml' in html
    async with reading() as session:
        taken = (await session.scalars(sa.select(CustomerReward))).one()
    assert await _post(act="cart", taken_id=str(taken.id)) == (303, f"{PAGE}?done=cart")
    assert "In your cart" in (await _get())[1]
    assert await _post(act="back", taken_id=str(taken.id)) == (303, f"{PAGE}?done=returned")
    _, html = await _get()
    assert 'data-points="250"' in html
    assert 'data-testid="reward-code"' not in html


async def test_tiers_speak_the_guests_language_and_own_names_stay_as_they_are() -> None:
    await _guest()
    _, html = await _get()
    assert "<bdi>Silver</bdi>" in html
    assert "Earn 250 more points to reach Gold." in html
    _, html = await _get(smartmenu_language="ar")
    assert "<bdi>الفضية</bdi>" in html
    assert "الذهبية" in html
    assert "Silver" not in html


async def test_a_tier_with_a_name_of_the_house_is_not_translated() -> None:
    tiers = [
        {"key": "bronze", "name": "Ember", "threshold": 0},
        {"key": "silver", "name": "Oak fire", "threshold": 100},
    ]
    await _guest(tiers=tiers)
    _, html = await _get(smartmenu_language="ar")
    assert "<bdi>Oak fire</bdi>" in html


async def test_what_cannot_be_is_refused_on_the_page_and_takes_nothing() -> None:
    row = await _guest(points=50)
    async with transaction() as session:
        reward = await make_reward(session, restaurant_id=row.id)
    good = {"act": "redeem", "reward_id": str(reward.id), "key": "key-00000001"}
    for wrong, status, words in (
        ({}, 409, "This takes 100 points; there are 50."),
        ({"reward_id": "x"}, 404, "not offered any more"),
        ({"act": "steal"}, 404, "not offered any more"),
        ({"key": ""}, 409, "Please open the page again."),
    ):
        found, html = await _post(**good | wrong)
        assert (found, words in html) == (status, True), wrong
    assert 'data-points="50"' in (await _get())[1]


async def test_somebody_unknown_reads_how_to_begin_and_what_they_would_have_had() -> None:
    await _guest(remembered=False)
    _, html = await _get()
    assert 'data-testid="rewards-remember"' in html
    assert "points-balance" not in html
    _, html = await _get(smartmenu_visit="nobody's")
    assert "Open the menu first" in html
    assert (await _post(act="redeem", reward_id=str(_SOME), key="key-00000001"))[0] == 404


async def test_points_are_the_guests_when_their_visit_is_over() -> None:
    row = await _guest()
    async with transaction() as session:
        reward = await make_reward(session, restaurant_id=row.id)
        info = await restaurant_info(session, row)
        here = (await arrive(session, info, "another evening", now=clock.now())).guest
        agreed = await agree(session, info, here, now=clock.now())
        customer = await session.get_one(Customer, agreed.guest.customer_id)
        await make_lot(session, customer=customer, points=120)
        await session.execute(sa.update(Visit).values(ended_at=clock.now()))
    known = {"smartmenu_visit": "", "smartmenu_client_id": agreed.client_id or ""}
    assert 'data-points="120"' in (await _get(**known))[1]
    async with client_of(rewards.routes) as client:
        client.cookies.set("smartmenu_client_id", agreed.client_id or "")
        form = {"act": "redeem", "reward_id": str(reward.id), "key": "key-00000001"}
        assert (await client.post(PAGE, data=form)).status_code == 303
        async with reading() as session:
            taken = (await session.scalars(sa.select(CustomerReward))).one()
        late = await client.post(PAGE, data={"act": "cart", "taken_id": str(taken.id)})
    assert (late.status_code, "This visit is over" in late.text) == (404, True)


async def test_without_a_programme_the_page_says_so() -> None:
    row = await _guest()
    async with transaction() as session:
        await session.execute(sa.text("UPDATE loyalty_programmes SET state = 'paused'"))
    status, html = await _get()
    assert (status, "There is no loyalty programme here" in html) == (200, True)
    assert (await _get("/menu/nowhere/rewards"))[0] == 404
    assert row.slug == "brasa"


async def test_a_rise_is_celebrated_once() -> None:
    await _guest()
    async with transaction() as session:
        await session.execute(sa.update(LoyaltyMember).values(celebrated_tier_key="bronze"))
    assert "You have reached Silver!" in (await _get())[1]
    assert "You have reached" not in (await _get())[1]


async def test_a_friend_accepts_an_invitation_and_nobody_their_own() -> None:
    row = await _guest(inviter_points=5, friend_points=5)
    async with transaction() as session:
        code = (await session.scalars(sa.select(col(LoyaltyMember.invite_code)))).one()
        info = await restaurant_info(session, row)
        friend = (await arrive(session, info, "friend's phone", now=clock.now())).guest
        await agree(session, info, friend, now=clock.now())
    _, html = await _get()
    assert f"/menu/brasa?friend={code}" in html
    status, html = await _post(act="accept", invitation=code)
    assert (status, "your own invitation" in html) == (409, True)
    async with client_of(rewards.routes) as client:
        client.cookies.set("smartmenu_visit", "friend's phone")
        assert "A friend has invited you" in (await client.get(f"{PAGE}?friend={code}")).text
        answer = await client.post(PAGE, data={"act": "accept", "invitation": code})
    assert answer.headers["location"] == f"{PAGE}?done=accepted"
    async with reading() as session:
        assert len((await session.scalars(sa.select(LoyaltyReferral))).all()) == 1


async def test_it_reads_from_right_to_left_in_arabic_with_nothing_of_a_guest_as_markup() -> None:
    row = await _guest()
    async with transaction() as session:
        await make_reward(
            session, restaurant_id=row.id, reward_name="<b>x</b>", reward_description='"><script>'
        )
    _, html = await _get(f"{PAGE}?friend=<script>", smartmenu_language="ar")
    assert '<html lang="ar" dir="rtl">' in html
    assert "النقاط والمكافآت" in html
    assert "<b>x</b>" not in html
    assert '"><script>' not in html


async def test_a_form_of_another_site_is_refused() -> None:
    await _guest()
    async with client_of(rewards.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        answer = await client.post(
            PAGE, data={"act": "redeem"}, headers={"sec-fetch-site": "cross-site"}
        )
    assert answer.status_code == 403
