"""What orders earn, by the worked examples of docs/algorithms/loyalty.md."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from models.enums import ProgrammeState, Role
from services.base.errors import InvalidInputError
from services.loyalty import rules
from services.loyalty.programme_json import rules_of, to_json
from services.loyalty.programme_rules import HappyHour, Rules
from services.loyalty.rules import Bill, Earner, Part
from services.loyalty.types import Programme

PIZZA = UUID("01920000-0000-7000-8000-000000000001")
DAY = date(2026, 5, 12)  # a Tuesday
NOON = datetime(2026, 5, 12, 12, 0)  # noqa: DTZ001 - a clock on the wall


def _bill(net: int = 2850, **more: Any) -> Bill:
    values: dict[str, Any] = {
        "net_minor": net,
        "subtotal_minor": net,
        "spent_on": {},
        "placed_at": NOON,
        "business_day": DAY,
    }
    return Bill(**values | more)


def _earned(of: dict[str, Any], bill: Bill, earner: Earner | None = None, **more: Any) -> Any:
    found = rules.earned(
        rules_of(of), bill, earner or Earner(visit_days=3), **{"decimals": 2} | more
    )
    return [(part.reason, part.points) for part in found]


def test_one_point_a_unit_rounded_down() -> None:
    assert _earned({}, _bill(2850)) == [("order", 28)]
    assert _earned({}, _bill(99)) == []
    # 12.345 KWD and 1,250 JPY: other currencies have other decimals.
    assert _earned({}, _bill(12345), decimals=3) == [("order", 12)]
    assert _earned({"most_points_per_order": 2000}, _bill(1250), decimals=0) == [("order", 1250)]


def test_nothing_paid_earns_nothing_not_even_the_first_visit() -> None:
    of = {"first_visit_points": 50}
    assert _earned(of, _bill(0), Earner(visit_days=1)) == []
    assert _earned(of, _bill(-5), Earner(visit_days=1)) == []


def test_multipliers_add_up_and_do_not_multiply_each_other() -> None:
    happy = {"weekdays": [1], "starts": "11:00", "ends": "13:00", "percent": 150}
    of = {"happy_hours": [happy], "dishes": [{"dish_id": str(PIZZA), "percent": 200}]}
    bill = _bill(10_000, spent_on={PIZZA: 4_000})
    found = _earned(of, bill, Earner(visit_days=3, tier_percent=120))
    # 100 + 40 for the pizza doubled + 50 for the hour + 20 for the tier; compounded it were 252.
    assert found == [("order", 100), ("dish", 40), ("happy_hour", 50), ("tier", 20)]


def test_a_discount_is_shared_by_all_lines() -> None:
    of = {"dishes": [{"dish_id": str(PIZZA), "percent": 200}]}
    bill = _bill(5_000, subtotal_minor=10_000, spent_on={PIZZA: 4_000})
    assert _earned(of, bill) == [("order", 50), ("dish", 20)]


@pytest.mark.parametrize(
    ("at", "is_happy"),
    [
        ((12, 21, 59), False),
        ((12, 22, 0), True),  # Tuesday evening
        ((13, 1, 59), True),  # still Tuesday's window
        ((13, 2, 0), False),
        ((13, 22, 0), False),  # Wednesday has none
    ],
)
def test_a_happy_hour_over_midnight_belongs_to_the_evening_it_began(
    at: tuple[int, int, int], is_happy: bool
) -> None:
    window = HappyHour((1,), time(22), time(2), 150)
    day, hour, minute = at
    assert rules.is_in(window, datetime(2026, 5, day, hour, minute)) is is_happy  # noqa: DTZ001


def test_caps_cut_what_grows_with_the_bill_and_leave_what_is_paid_once() -> None:
    of = {"most_points_per_order": 50, "most_points_per_day": 60, "first_visit_points": 25}
    big = _bill(100_000)
    assert _earned(of, big, Earner(visit_days=1, tier_percent=150)) == [
        ("order", 50),
        ("first_visit", 25),
    ]
    assert _earned(of, big, Earner(points_today=45, orders_today=1, visit_days=2)) == [
        ("order", 15)
    ]
    assert _earned(of, big, Earner(points_today=60, orders_today=1, visit_days=2)) == []
    assert _earned(of, big, Earner(orders_today=5, visit_days=1)) == []


def test_bonuses_are_paid_on_their_day_and_once() -> None:
    of = {
        "first_visit_points": 10,
        "milestones": [{"visits": 10, "points": 50}, {"visits": 5, "points": 20}],
        "birthday_points": 30,
        "birthday_days": 3,
    }
    assert _earned(of, _bill(100), Earner(visit_days=1))[1:] == [("first_visit", 10)]
    assert _earned(of, _bill(100), Earner(visit_days=5))[1:] == [("visits:5", 20)]
    assert _earned(of, _bill(100), Earner(visit_days=6))[1:] == []
    had = frozenset({"visits:10"})
    assert _earned(of, _bill(100), Earner(visit_days=10, had=had))[1:] == []
    near = Earner(visit_days=3, birthday=(5, 15))
    assert _earned(of, _bill(100), near)[1:] == [("birthday:2026", 30)]
    assert _earned(of, _bill(100), Earner(visit_days=3, birthday=(5, 16)))[1:] == []


def test_a_birthday_over_new_year_is_one_birthday() -> None:
    candidates = [
        rules.bonus_candidates(
            Rules(birthday_points=1), visit_days=3, birthday=(1, 1), day=date(2026, month, day)
        )
        for month, day in ((12, 30), (1, 2))
    ]
    assert candidates == [(Part("birthday:2027", 1),), (Part("birthday:2026", 1),)]
    # Born on 29 February: the 28th in other years.
    leap = rules.bonus_candidates(
        Rules(birthday_points=1, birthday_days=0),
        visit_days=3,
        birthday=(2, 29),
        day=date(2026, 2, 28),
    )
    assert leap == (Part("birthday:2026", 1),)


def test_an_invited_friend_gets_theirs_with_the_order() -> None:
    assert _earned({"friend_points": 40}, _bill(100), is_invited=True) == [
        ("order", 1),
        ("referral", 40),
    ]


@pytest.mark.parametrize(
    ("day", "until"),
    [
        # 30 days on, to the end of that business day: 05:00 on the next, on Berlin's clock.
        (date(2026, 1, 10), datetime(2026, 2, 10, 4, 0, tzinfo=UTC)),
        # Clocks went forward on 29 March: the night is an hour shorter, not the points.
        (date(2026, 2, 26), datetime(2026, 3, 29, 3, 0, tzinfo=UTC)),
        # Back on 25 October: they live through both hours between two and three.
        (date(2026, 9, 24), datetime(2026, 10, 25, 4, 0, tzinfo=UTC)),
    ],
)
def test_points_end_with_a_business_day_whether_or_not_clocks_change(
    day: date, until: datetime
) -> None:
    found = rules.expires_at(
        Rules(expiry_days=30), business_day=day, time_zone="Europe/Berlin", cutoff=time(5)
    )
    assert found == until
    never = rules.expires_at(
        Rules(expiry_days=None), business_day=day, time_zone="Europe/Berlin", cutoff=time(5)
    )
    assert never is None


def test_nothing_is_due_while_a_programme_rests_and_in_the_grace_after_it() -> None:
    paused = datetime(2026, 5, 10, tzinfo=UTC)
    later = datetime(2026, 6, 1, tzinfo=UTC)
    grace = datetime(2026, 6, 20, tzinfo=UTC)

    def due(state: ProgrammeState, now: datetime, grace_until: datetime | None) -> datetime:
        return Programme(
            id=PIZZA,
            restaurant_id=PIZZA,
            version=1,
            state=state,
            rules=Rules(),
            updated_at=paused,
            published_at=paused,
            paused_at=paused,
            grace_until_at=grace_until,
            retired_at=None,
        ).due_until(now)

    assert due(ProgrammeState.PAUSED, later, None) == paused
    assert due(ProgrammeState.PUBLISHED, later, grace) == paused
    assert due(ProgrammeState.PUBLISHED, grace, grace) == grace


def test_rules_survive_their_json() -> None:
    assert rules_of(to_json(Rules())) == Rules(adjustment_limits=rules_of({}).adjustment_limits)
    full = rules_of(
        {
            "rate_percent": 250,
            "milestones": [{"visits": 5, "points": 20}],
            "happy_hours": [
                {"weekdays": [4, 0], "starts": "15:00", "ends": "17:00", "percent": 200}
            ],
            "dishes": [{"dish_id": str(PIZZA), "percent": 150}],
            "tiers": [
                {"key": "one", "name": "One", "threshold": 0},
                {
                    "key": "two",
                    "name": " Two ",
                    "threshold": 10,
                    "percent": 110,
                    "benefits": ["A table by the window", " "],
                    "has_priority": True,
                },
            ],
            "adjustment_limits": {"waiter": 5},
            "expiry_days": None,
        }
    )
    assert rules_of(to_json(full)) == full
    assert full.tiers[1].benefits == ("A table by the window",)
    assert full.adjustment_limit(Role.WAITER) == 5
    assert full.happy_hours[0].weekdays == (0, 4)


TIER = {"key": "one", "name": "One", "threshold": 0}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"rate_percent": -1}, "rate_percent"),
        ({"rate_percent": 1.5}, "rate_percent"),
        ({"rate_percent": True}, "rate_percent"),
        ({"first_visit_points": 10**9}, "first_visit_points"),
        ({"nonsense": 1}, "nonsense"),
        ({"milestones": "many"}, "milestones"),
        ({"milestones": [1]}, "milestones"),
        ({"milestones": [{"visits": 1, "points": 5}]}, "milestones.0.visits"),
        ({"milestones": [{"visits": 5, "points": 5}] * 2}, "milestones"),
        ({"milestones": [{"visits": 5, "points": 5}] * 21}, "milestones"),
        ({"happy_hours": [{"weekdays": []}]}, "happy_hours.0.weekdays"),
        ({"happy_hours": [{"weekdays": [7]}]}, "happy_hours.0.weekdays"),
        ({"happy_hours": [{"weekdays": [0], "starts": "25:00"}]}, "happy_hours.0.starts"),
        ({"dishes": [{"dish_id": "pizza", "percent": 150}]}, "dishes.0.dish_id"),
        ({"dishes": [{"dish_id": str(PIZZA), "percent": 100}]}, "dishes.0.percent"),
        ({"tiers": []}, "tiers.0.threshold"),
        ({"tiers": [TIER | {"threshold": 5}]}, "tiers.0.threshold"),
        ({"tiers": [TIER, TIER | {"key": "two"}]}, "tiers.1.threshold"),
        ({"tiers": [TIER, TIER | {"threshold": 9}]}, "tiers.1.key"),
        ({"tiers": [TIER | {"key": "No!"}]}, "tiers.0.key"),
        ({"tiers": [TIER | {"name": ""}]}, "tiers.0.name"),
        ({"tiers": [TIER | {"benefits": ["x"] * 6}]}, "tiers.0.benefits"),
        ({"adjustment_limits": {"guest": 5}}, "adjustment_limits"),
        ({"adjustment_limits": {"owner": -5}}, "adjustment_limits.owner"),
        ({"most_points_per_order": 100, "most_points_per_day": 50}, "most_points_per_day"),
        ({"expiry_days": 30, "warning_days": 30}, "warning_days"),
        ({"expiry_days": 5}, "expiry_days"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_their_field(data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rules_of(data)
    assert refused.value.field == field
