"""Cohorts as a file for a spreadsheet: CSV or XLSX, the same cells as on the screen."""

from collections.abc import Sequence
from tempfile import TemporaryFile

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.analytics import results
from services.base import addresses, money
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.customers.spreadsheets import MEDIA_TYPES, Cell, FileKind, table_writer
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.http.access import get_actor, staff_only
from state.staff.night_cohorts import COHORT_KINDS, cohort_names, retention, value_each
from state.staff.night_words import word


async def cohorts_file(request: Request) -> Response:
    """Every cohort, a row each: its size, then retention and value period by period."""
    kind = FileKind(request.url.path.rpartition(".")[2])
    by = request.query_params.get("by", "month")
    actor = await get_actor(request, Permission.VIEW_REVENUE)
    if by not in COHORT_KINDS:
        msg = N_("That is no way to group guests.")
        raise InvalidInputError(msg, field="by")
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        found = await results.find(
            session, restaurant_id=actor.restaurant_id, kind=COHORT_KINDS[by]
        )
    heads, rows = _rows(found, by, restaurant)
    with TemporaryFile() as file:
        writer = table_writer(kind, file, heads=heads, sheet=word(N_("Cohorts")))
        writer.write(rows)
        writer.close()
        file.seek(0)
        content = file.read()
    return Response(
        content,
        media_type=MEDIA_TYPES[kind],
        headers={
            "content-disposition": f'attachment; filename="cohorts-{by}.{kind}"',
            "cache-control": "private, no-store",
        },
    )


def _rows(
    found: results.Result | None, by: str, restaurant: RestaurantInfo
) -> tuple[list[str], list[Sequence[Cell]]]:
    shares = retention(found.result) if found else []
    values = value_each(found.result) if found else []
    places = range(max((len(row) for row in shares), default=0))
    unit = restaurant.currency
    heads = [
        word(N_("First visit")),
        word(N_("Guests")),
        *(word(N_("came again, {place}"), place=place) for place in places),
        *(word(N_("spent each until {place}, {unit}"), place=place, unit=unit) for place in places),
    ]
    if found is None:
        return heads, []
    names = cohort_names(found.result, by, restaurant)
    return heads, [
        [
            name,
            size,
            *(None if one is None else round(one, 4) for one in share),
            *(None if one is None else money.major(round(one), unit) for one in value),
        ]
        for name, size, share, value in zip(
            names, found.result["sizes"], shares, values, strict=True
        )
    ]


routes = [
    Route(
        addresses.cohorts_file(kind),
        staff_only(cohorts_file, back_to=addresses.STAFF_COHORTS),
        methods=["GET"],
    )
    for kind in FileKind
]
