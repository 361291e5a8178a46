"""The segments every restaurant begins with, by guests made by hand: just in, just out, ties."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.restaurants import Restaurant
from services.base.database import transaction
from services.restaurants import queries as restaurants
from services.segments import recompute, segments
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.people import TODAY, at, guest, segments_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
FREQUENCY = {"champion", "regular", "occasional", "rare", "new", "lost_frequency"}
SPENDING = {"vip", "high_value", "medium_value", "low_value"}
WHEN = {"early_bird", "lunch_regular", "afternoon", "dinner_crowd", "late_night"}
ENGAGEMENT = {"high_engagement", "medium_engagement", "low_engagement"}


async def _restaurant(session: AsyncSession) -> Restaurant:
    restaurant = await builders.make_restaurant(session)
    await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
    return restaurant


def _days(*back: int) -> list[date]:
    return [TODAY - timedelta(days=days) for days in back]


@pytest.mark.parametrize(
    ("back", "segment"),
    [
        # g = 14 / 2 = 7 days exactly, then 15 / 2.
        ((14, 10, 0), "champion"),
        ((15, 10, 0), "regular"),
        # 62 / 2 = 31, then 63 / 2.
        ((62, 10, 0), "regular"),
        ((63, 10, 0), "occasional"),
        # 184 / 2 = 92, then 185 / 2.
        ((184, 10, 0), "occasional"),
        ((185, 10, 0), "rare"),
        ((3, 0), "new"),
        ((0,), "new"),
        # The last visit 182 days ago, then 183: whatever came before.
        ((196, 192, 182), "champion"),
        ((197, 193, 183), "lost_frequency"),
        ((182,), "new"),
        ((183,), "lost_frequency"),
    ],
)
async def test_frequency_follows_the_mean_gap(back: tuple[int, ...], segment: str) -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        one = await guest(session, restaurant, [at(day, 19) for day in _days(*back)])
        assert await segments_of(session, one) & FREQUENCY == {segment}


async def test_two_visits_on_one_day_are_one_visit_day() -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        day = TODAY - timedelta(days=5)
        one = await guest(session, restaurant, [at(day, 12), at(day, 20), at(TODAY, 20)])
        assert await segments_of(session, one) & FREQUENCY == {"new"}


@pytest.mark.parametrize(
    ("hours", "segment"),
    [
        # 3 of 5 are 60 percent.
        ([(10, 59), (10, 0), (9, 0), (13, 0), (19, 0)], {"early_bird"}),
        ([(10, 59), (10, 0), (13, 0), (13, 0), (19, 0)], set()),
        ([(11, 0), (14, 59), (12, 0)], {"lunch_regular"}),
        ([(15, 0), (16, 59), (15, 30)], {"afternoon"}),
        ([(17, 0), (21, 59), (20, 0)], {"dinner_crowd"}),
        # 22:00 is late, and 00:30 belongs to the evening before.
        ([(22, 0), (23, 30), (24, 30)], {"late_night"}),
        # Two visits are no habit.
        ([(12, 0), (12, 0)], set()),
    ],
)
async def test_habits_follow_the_start_of_visits(
    hours: list[tuple[int, int]], segment: set[str]
) -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        moments = [
            at(TODAY - timedelta(days=10 - number), 0) + timedelta(hours=hour, minutes=minute)
            for number, (hour, minute) in enumerate(hours)
        ]
        one = await guest(session, restaurant, moments)
        assert await segments_of(session, one) & WHEN == segment


@pytest.mark.parametrize(
    ("weekend", "week", "segment"),
    [
        (7, 3, {"weekend_warrior"}),
        (6, 4, set()),
        (3, 7, {"weekday_worker"}),
        (2, 0, set()),
        (3, 0, {"weekend_warrior"}),
    ],
)
async def test_weekends_and_workdays_need_seventy_percent(
    weekend: int, week: int, segment: set[str]
) -> None:
    saturday, monday = date(2026, 5, 9), date(2026, 5, 4)
    days = [saturday - timedelta(weeks=number) for number in range(weekend)]
    days += [monday - timedelta(weeks=number) for number in range(week)]
    async with transaction() as session:
        restaurant = await _restaurant(session)
        one = await guest(session, restaurant, [at(day, 19) for day in sorted(days)])
        found = await segments_of(session, one)
    assert found & {"weekend_warrior", "weekday_worker"} == segment


@pytest.mark.parametrize(
    ("size", "segment"), [(1, {"solo_diner"}), (2, set()), (3, set()), (4, {"family_group"})]
)
async def test_company_follows_the_median_party(size: int, segment: set[str]) -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        one = await guest(session, restaurant, [at(TODAY, 19)], party_size=size)
        found = await segments_of(session, one)
    assert found & {"solo_diner", "family_group"} == segment


@pytest.mark.parametrize(
    ("seconds", "interactions", "segment"),
    [
        (300, 8, "high_engagement"),
        (299, 8, "medium_engagement"),
        (300, 7, "medium_engagement"),
        (60, 2, "medium_engagement"),
        (59, 9, "low_engagement"),
        (600, 1, "low_engagement"),
    ],
)
async def test_engagement_of_a_visit(seconds: int, interactions: int, segment: str) -> None:
    visit = {"session_duration_seconds": seconds, "interactions": interactions}
    async with transaction() as session:
        restaurant = await _restaurant(session)
        one = await guest(session, restaurant, [at(TODAY, 12)], visit=visit)
        assert await segments_of(session, one) & ENGAGEMENT == {segment}


async def test_taste_needs_sixty_percent_of_orders() -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        vegan = await builders.make_dish(session, restaurant=restaurant, diets=["vegan"], spice=2)
        meat = await builders.make_dish(session, restaurant=restaurant, spice=1)
        moment = [at(TODAY, 19)]
        just_in = await guest(session, restaurant, moment, dishes=[vegan] * 3 + [meat] * 2)
        just_out = await guest(session, restaurant, moment, dishes=[vegan] * 5 + [meat] * 4)
        assert await segments_of(session, just_in) >= {"vegetarian", "vegan", "spicy_lover"}
        found = await segments_of(session, just_out)
    assert found & {"vegetarian", "vegan", "spicy_lover"} == set()


async def _spenders(amounts: list[int]) -> list[set[str]]:
    """The spending tiers of guests who have each spent an amount, after a recompute."""
    ids: list[UUID] = []
    async with transaction() as session:
        restaurant = await _restaurant(session)
        for amount in amounts:
            dishes = []
            if amount:
                dishes = [
                    await builders.make_dish(session, restaurant=restaurant, price_minor=amount)
                ]
            ids.append(await guest(session, restaurant, [at(TODAY, 19)], dishes=dishes))
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    async with transaction() as session:
        return [await segments_of(session, one) & SPENDING for one in ids]


async def test_spending_tiers_are_ten_fifteen_fifty_and_twenty_five_percent() -> None:
    found = await _spenders([*range(2000, 0, -100), 0])
    assert found == (
        [{"vip"}] * 2
        + [{"high_value"}] * 3
        + [{"medium_value"}] * 10
        + [{"low_value"}] * 5
        + [set()]
    )


async def test_equal_spenders_stand_together_and_ties_go_up() -> None:
    # The first two of twenty are VIP; the third spent as much as the second. Before all others
    # stand 15 percent.
    assert await _spenders([900, 800, 800, *[100] * 17]) == ([{"vip"}] * 3 + [{"high_value"}] * 17)
    assert await _spenders([500, 500, 500]) == [{"vip"}] * 3
    assert await _spenders([700]) == [{"vip"}]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_spender_is_in_exactly_one_tier_and_who_spent_more_in_none_below(
    seed: int,
) -> None:
    # Few different amounts, so that many tie on a border.
    amounts = Random(seed).choices([0, 100, 200, 300, 900, 5000], k=14)
    tiers = ["low_value", "medium_value", "high_value", "vip"]
    found = await _spenders(amounts)
    assert [len(one) for one in found] == [int(amount > 0) for amount in amounts]
    ranks = {
        (amount, tiers.index(next(iter(one))))
        for amount, one in zip(amounts, found, strict=True)
        if one
    }
    # One rank for each amount, and none lower for a larger one.
    assert len(ranks) == len({amount for amount in amounts if amount})
    assert sorted(rank for _, rank in ranks) == [rank for _, rank in sorted(ranks)]


async def test_low_and_high_prices_are_the_quarters_and_all_alike_are_neither() -> None:
    async with transaction() as session:
        restaurant = await _restaurant(session)
        ids = []
        for price in (100, 200, 300, 400):
            dish = await builders.make_dish(session, restaurant=restaurant, price_minor=price)
            ids.append(await guest(session, restaurant, [at(TODAY, 19)], dishes=[dish]))
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    prices = {"budget_conscious", "premium_seeker"}
    async with transaction() as session:
        found = [await segments_of(session, one) & prices for one in ids]
    assert found == [{"budget_conscious"}, set(), set(), {"premium_seeker"}]


async def test_two_restaurants_rank_their_own_guests_only() -> None:
    async with transaction() as session:
        poor, rich = await _restaurant(session), await _restaurant(session)
        cheap = await builders.make_dish(session, restaurant=poor, price_minor=100)
        dear = await builders.make_dish(session, restaurant=rich, price_minor=90_000)
        theirs = await guest(session, rich, [at(TODAY, 19)], dishes=[dear])
        mine = await guest(session, poor, [at(TODAY, 19)], dishes=[cheap])
    for restaurant in (poor, rich):
        await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    async with transaction() as session:
        assert await segments_of(session, mine) & SPENDING == {"vip"}
        assert await segments_of(session, theirs) & SPENDING == {"vip"}
        assert (await restaurants.get(session, poor.id)).id != rich.id
