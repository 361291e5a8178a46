"""What models say as a file for a spreadsheet: CSV or XLSX, the same cells as on the screen."""

from collections.abc import Sequence
from tempfile import TemporaryFile

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.analytics.model_page import load_models
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.customers.spreadsheets import MEDIA_TYPES, FileKind, table_writer
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor, staff_only
from state.staff.charts import ChartCard
from state.staff.night_models import model_cards, statistics_cards
from state.staff.night_words import word


async def models_file(request: Request) -> Response:
    """One table of the page as it stands there, or all of them, a cell a row."""
    kind = FileKind(request.url.path.rpartition(".")[2])
    asked = request.query_params.get("table", "")
    actor = await get_actor(request, Permission.VIEW_REVENUE)
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        page = await load_models(session, restaurant_id=actor.restaurant_id, now=clock.now())
    cards = [*model_cards(page, restaurant), *statistics_cards(page)]
    heads, rows = _one(cards, asked) if asked else _all(cards)
    with TemporaryFile() as file:
        writer = table_writer(kind, file, heads=heads, sheet=word(N_("Models")))
        writer.write(rows)
        writer.close()
        file.seek(0)
        content = file.read()
    return Response(
        content,
        media_type=MEDIA_TYPES[kind],
        headers={
            "content-disposition": f'attachment; filename="models.{kind}"',
            "cache-control": "private, no-store",
        },
    )


def _one(cards: Sequence[ChartCard], key: str) -> tuple[list[str], list[list[str]]]:
    for card in cards:
        if card.key == key:
            return card.chart.heads, [row.cells for row in card.chart.rows]
    msg = N_("There is no such table.")
    raise InvalidInputError(msg, field="table")


def _all(cards: Sequence[ChartCard]) -> tuple[list[str], list[list[str]]]:
    """Tables have different columns: each cell says of which table, row and column it is."""
    heads = [word(one) for one in (N_("Table"), N_("Row"), N_("Column"), N_("Value"))]
    return heads, [
        [card.title, row.cells[0], head, cell]
        for card in cards
        for row in card.chart.rows
        for head, cell in zip(card.chart.heads[1:], row.cells[1:], strict=True)
    ]


routes = [
    Route(
        addresses.models_file(kind),
        staff_only(models_file, back_to=addresses.STAFF_MODELS),
        methods=["GET"],
    )
    for kind in FileKind
]
