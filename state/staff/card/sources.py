"""Where a number comes from, in words."""

from dataclasses import dataclass, field

from services.base.card_texts import CARD, DEFINITIONS, SOURCE_TITLES
from services.base.clock import to_local
from services.base.texts import N_, clock_text, date_text, money_text, plural, translate
from services.customers.card.sources import Basis, Source, SourceRow
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of


@dataclass(frozen=True, slots=True)
class RowView:
    """One row behind a number."""

    key: str
    text: str
    amount: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """The dialog. `tab` is the part that holds all the rows, empty without any."""

    title: str = ""
    definition: str = ""
    counted: str = ""
    rows: list[RowView] = field(default_factory=list[RowView])
    tab: str = ""
    tab_word: str = ""


def source_view(source: Source, *, restaurant: RestaurantInfo) -> SourceView:
    """The dialog of one number."""
    is_orders = source.basis in {Basis.ORDERS, Basis.OF_FAVOURITE}
    tab = "" if source.basis is Basis.NONE else "orders" if is_orders else "timeline"
    return SourceView(
        title=_title(source.key),
        definition=translate(LANGUAGE, DEFINITIONS[source.key]),
        counted=_counted(source, restaurant, is_orders=is_orders),
        rows=[_row(row, restaurant) for row in source.rows],
        tab=tab,
        tab_word=translate(LANGUAGE, CARD[tab]) if tab else "",
    )


def _title(key: str) -> str:
    if key in SOURCE_TITLES:
        return translate(LANGUAGE, SOURCE_TITLES[key])
    return translate(LANGUAGE, N_("This insight"))


def _counted(source: Source, restaurant: RestaurantInfo, *, is_orders: bool) -> str:
    if source.since_at is None:
        return ""
    count = (
        plural(LANGUAGE, "{count} completed order", "{count} completed orders", source.count)
        if is_orders
        else plural(LANGUAGE, "{count} visit", "{count} visits", source.count)
    )
    since = day_of(source.since_at, restaurant)
    return translate(LANGUAGE, N_("Counted from {count} since {day}."), count=count, day=since)


def _row(row: SourceRow, restaurant: RestaurantInfo) -> RowView:
    zone = restaurant.time_zone
    parts = [
        date_text(to_local(row.at, zone).date(), LANGUAGE),
        clock_text(row.at, time_zone=zone, language=LANGUAGE),
    ]
    if row.order_number is not None:
        parts.append(translate(LANGUAGE, N_("Order {number}"), number=row.order_number))
    if row.table_number:
        parts.append(translate(LANGUAGE, N_("Table {number}"), number=row.table_number))
    amount = row.amount_minor
    return RowView(
        key=str(row.id),
        text=" · ".join(parts),
        amount=money_text(amount, restaurant.currency, LANGUAGE) if amount is not None else "",
    )
