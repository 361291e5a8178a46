"""What the models of the night leave behind: rows, badges, and the simulator's hidden numbers."""

import gzip
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CustomerStatus, OrderStatus
from models.predictions import CustomerPrediction, ModelFit
from models.restaurants import Restaurant
from services.analytics import predicting
from services.analytics.histories import History, histories_of
from services.analytics.value import fit_spend, fit_visits
from services.analytics.value.visits import PRIOR
from services.analytics.visit_days import read_visit_days
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from services.jobs import modelling, tidying
from services.simulation.truth import truth_file
from services.totals import totals
from tests.builders import NOW, make_customer, make_order, make_restaurant, make_visit
from tests.services.demo_loads import NOW as DEMO_NOW
from tests.services.demo_loads import load

DAY = timedelta(days=1)


async def _customer(
    restaurant: Restaurant, *days_ago: int, paid: dict[int, int] | None = None
) -> UUID:
    """Somebody who came on these days before now and paid on some of them."""
    async with transaction() as session:
        last = NOW - min(days_ago) * DAY
        customer = await make_customer(session, restaurant=restaurant, last_seen_at=last)
        for days in days_ago:
            moment = NOW - days * DAY
            visit = await make_visit(
                session, restaurant=restaurant, customer=customer, visited_at=moment
            )
            if paid and days in paid:
                await make_order(
                    session,
                    restaurant=restaurant,
                    visit=visit,
                    total_minor=paid[days],
                    placed_at=moment,
                    business_day=moment.date(),
                    order_status=OrderStatus.COMPLETED,
                )
        await totals.recount(session, customer_id=customer.id, now=last)
        return customer.id


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _histories(session: AsyncSession, restaurant_id: UUID, *, until: date) -> list[History]:
    days = await read_visit_days(session, restaurant_id=restaurant_id, until=until)
    return await histories_of(session, restaurant_id=restaurant_id, days=days)


async def _predictions() -> dict[UUID, CustomerPrediction]:
    async with reading() as session:
        rows = await session.scalars(sa.select(CustomerPrediction))
        return {row.customer_id: row for row in rows}


async def _fits() -> dict[str, ModelFit]:
    async with reading() as session:
        return {row.kind: row for row in await session.scalars(sa.select(ModelFit))}


@pytest.mark.usefixtures("database")
async def test_an_empty_restaurant_has_the_prior_and_nobody() -> None:
    restaurant = await _restaurant()
    assert await predicting.fit_restaurant(restaurant.id, now=NOW) == 0
    fits = await _fits()
    assert set(fits) == {"visits", "spend"}
    assert fits["visits"].params == PRIOR
    assert not fits["visits"].is_enough
    assert await _predictions() == {}


@pytest.mark.usefixtures("database")
async def test_a_history_is_days_and_what_repeat_days_brought() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    # Twice on one day; a free order; the first day's bill does not count.
    customer = await _customer(
        restaurant, 30, 30, 20, 10, 5, paid={30: 9000, 20: 2000, 10: 0, 5: 4000}
    )
    await _customer(other, 4, 2, paid={2: 500})
    async with reading() as session:
        found = await _histories(session, restaurant.id, until=NOW.date())
        before = await _histories(session, restaurant.id, until=NOW.date() - 8 * DAY)
    today = NOW.date()
    assert found == [History(customer, today - 30 * DAY, today - 5 * DAY, 4, 2, 6000)]
    assert before == [History(customer, today - 30 * DAY, today - 10 * DAY, 3, 1, 2000)]


@pytest.mark.usefixtures("database")
async def test_merged_and_forgotten_customers_are_not_expected() -> None:
    restaurant = await _restaurant()
    stays, merged, erased = [await _customer(restaurant, 9, 2) for _ in range(3)]
    assert await predicting.fit_restaurant(restaurant.id, now=NOW) == 3
    async with transaction() as session:
        (await session.get_one(Customer, merged)).merged_into_id = stays
        (await session.get_one(Customer, erased)).erased_at = NOW
    assert await predicting.fit_restaurant(restaurant.id, now=NOW + DAY) == 1
    assert set(await _predictions()) == {stays}


@pytest.mark.usefixtures("database")
async def test_a_night_that_runs_twice_leaves_the_same_rows() -> None:
    restaurant = await _restaurant()
    await _customer(restaurant, 30, 20, 10, paid={20: 2000, 10: 3000})
    seen = []
    for _ in range(2):
        await predicting.fit_restaurant(restaurant.id, now=NOW)
        rows = await _predictions()
        seen.append([row.model_dump() for row in rows.values()])
    assert seen[0] == seen[1]
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(ModelFit)) == 2


@pytest.mark.usefixtures("database")
async def test_few_customers_are_expected_by_the_prior_and_badged_by_gaps() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant, 70, 63, 56)
    await predicting.fit_restaurant(restaurant.id, now=NOW)
    row = (await _predictions())[customer]
    assert not row.is_enough
    assert (row.at_risk_on, row.lost_on) == (None, None)
    assert 0 < row.expected_visits < 53
    await tidying.refresh_statuses(NOW)
    assert await _status(customer) == CustomerStatus.AT_RISK


async def _status(customer_id: UUID) -> str:
    async with reading() as session:
        return (await session.get_one(Customer, customer_id)).status


@pytest.mark.usefixtures("database")
async def test_the_badge_follows_the_model_until_the_next_visit() -> None:
    restaurant = await _restaurant()
    # By gaps: weekly and silent for 20 days is at risk.
    customer = await _customer(restaurant, 34, 27, 20)
    await tidying.refresh_statuses(NOW)
    assert await _status(customer) == CustomerStatus.AT_RISK
    async with transaction() as session:
        session.add(
            CustomerPrediction(
                customer_id=customer, restaurant_id=restaurant.id, visit_days=3,
                last_visit_day=NOW.date() - 20 * DAY, data_until=NOW.date(), is_enough=True,
                expected_visits=9.0, alive=0.9, visit_within_7=0.2, visit_within_14=0.4,
                visit_within_30=0.6, value_minor=900, value_low_minor=0, value_high_minor=1800,
                at_risk_on=NOW.date() + 3 * DAY, lost_on=NOW.date() + 9 * DAY, calculated_at=NOW,
            )
        )  # fmt: skip
    seen = []
    for days in (0, 2, 3, 8, 9):
        await tidying.refresh_statuses(NOW + days * DAY)
        seen.append(await _status(customer))
    assert seen == ["active", "active", "at_risk", "at_risk", "lost"]
    # Another visit day: the model has not heard of it, and gaps decide.
    async with transaction() as session:
        row = await session.get_one(Customer, customer)
        moment = NOW + 10 * DAY
        await make_visit(session, restaurant=restaurant, customer=row, visited_at=moment)
        await totals.record_visit(session, customer_id=customer, now=moment)
    await tidying.refresh_statuses(NOW + 11 * DAY)
    assert await _status(customer) == CustomerStatus.ACTIVE


def _simulated() -> tuple[dict[str, float], list[dict[str, object]]]:
    truth = orjson.loads(gzip.decompress(truth_file().read_bytes()))
    return truth["model"], truth["guests"]


@pytest.mark.slow
@pytest.mark.usefixtures("sqlite_database")
async def test_the_simulators_hidden_numbers_are_found_again() -> None:
    """Means within a tenth to a fifth, parameters within what 600 customers can say."""
    loaded = await load(customers=600, months=12)
    async with reading() as session:
        restaurant_id = await session.scalar(sa.select(col(Restaurant.id)))
        assert restaurant_id is not None
        histories = await _histories(session, restaurant_id, until=DEMO_NOW.date())
    truth, guests = _simulated()
    assert loaded
    x = np.array([one.visit_days - 1 for one in histories])
    t_x = np.array([(one.last_day - one.first_day).days / 7 for one in histories])
    whole = np.array([(DEMO_NOW.date() - one.first_day).days / 7 for one in histories])
    fit = fit_visits(x, t_x, whole)
    assert fit.is_enough
    assert fit.converged
    assert fit.standard_errors is not None
    for name, hidden in (("r", "r"), ("alpha", "alpha_weeks"), ("a", "a"), ("b", "b")):
        error = fit.standard_errors[name]
        assert fit.params[name] == pytest.approx(truth[hidden], abs=3 * error), name
    rate, stop = (
        fit.params["r"] / fit.params["alpha"],
        fit.params["a"] / (fit.params["a"] + fit.params["b"]),
    )
    assert rate == pytest.approx(truth["r"] / truth["alpha_weeks"], rel=0.2)
    assert stop == pytest.approx(truth["a"] / (truth["a"] + truth["b"]), rel=0.25)
    # Who really comes no more is ranked low.
    stopped = {one["customer_id"]: one["stopped_after_visit"] is not None for one in guests}
    from tests.unit.cdnow import ranking

    gone = np.array([stopped[str(one.customer_id)] for one in histories])
    expected = fit.expected_visits(13, x, t_x, whole)
    assert ranking(-expected, gone) > 0.8
    paid = np.array([one.paid_days for one in histories])
    mean = np.array([one.paid_minor / max(one.paid_days, 1) for one in histories])
    assert fit_spend(paid, mean).is_enough


@pytest.mark.slow
@pytest.mark.usefixtures("database")
async def test_the_job_fits_in_a_process_of_its_own() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant, 30, 20, 10)
    await modelling.fit_models(NOW)
    assert set(await _predictions()) == {customer}
    assert set(await _fits()) == {"visits", "spend"}


@pytest.mark.usefixtures("sqlite_database")
async def test_a_job_whose_process_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelling, "MODULE", "services.analytics.no_such_module")
    with pytest.raises(UnavailableError):
        await modelling.fit_models(NOW)
