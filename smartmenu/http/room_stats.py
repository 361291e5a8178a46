"""The figures of all tables as a file for a spreadsheet."""

import csv
import io
from datetime import date
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.analytics import room_queries
from services.analytics.room_measures import Measure, measures_for
from services.analytics.room_types import Figures, Period
from services.base import addresses, clock, money
from services.base.cells import harmless
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.texts import N_, SOURCE_LANGUAGE, translate
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor, staff_only

LONGEST_DAYS = 731


async def tables_csv(request: Request) -> Response:
    """One row a table, with the time before beside it; revenue only for those who may see it."""
    actor = await get_actor(request, Permission.VIEW_FLOOR)
    period = _period(request)
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        report = await room_queries.load_report(
            session, restaurant=restaurant, period=period, now=clock.now()
        )
    measures = measures_for(with_money=actor.can(Permission.VIEW_REVENUE))
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(
        [
            *(_word(one) for one in (N_("Table"), N_("Area"), N_("Seats"))),
            *(_name(one, restaurant.currency) for one in measures),
            *(
                translate(
                    SOURCE_LANGUAGE, N_("{name}, before"), name=_name(one, restaurant.currency)
                )
                for one in measures
            ),
        ]
    )
    for table in report.tables:
        rows.writerow(
            [
                harmless(table.number),
                harmless(table.area_name),
                table.now.seats,
                *(_value(one, table.now, restaurant.currency) for one in measures),
                *(_value(one, table.before, restaurant.currency) for one in measures),
            ]
        )
    name = f"tables-{period.first_day}-{period.last_day}.csv"
    return Response(
        # With a mark that tells spreadsheets which encoding it is.
        "\ufeff" + file.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "private, no-store",
        },
    )


def _period(request: Request) -> Period:
    query = request.query_params
    try:
        first, last = sorted(date.fromisoformat(query.get(name, "")) for name in ("from", "to"))
    except ValueError as error:
        raise InvalidInputError(N_("That is not a day."), field="from") from error
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInputError(N_("Please choose two years at most."), field="from")
    return Period(first, last)


def _word(word: str) -> str:
    return translate(SOURCE_LANGUAGE, word)


def _name(measure: Measure, currency: str) -> str:
    unit = {"money": currency, "share": "%", "minutes": "min"}.get(measure.unit, "")
    name = _word(measure.name)
    return f"{name} ({unit})" if unit else name


def _value(measure: Measure, figures: Figures, currency: str) -> str | int | float | Decimal:
    """A plain number: whole units of money, per cent, minutes; empty where it cannot be told."""
    value = measure.value(figures)
    if value is None:
        return ""
    if measure.unit == "money":
        return money.major(round(value), currency)
    if measure.unit == "share":
        return round(value * 100, 1)
    return round(value, 1)


routes = [
    Route(
        addresses.room_csv(),
        staff_only(tables_csv, back_to=addresses.STAFF_ROOM_STATS),
        methods=["GET"],
    )
]
