"""What the replay sends to the browser: once a day, compact, in words that are ready to show."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from models.enums import TableStatus
from services.base.texts import N_, clock_text, money_text, plural, translate
from services.floor.replay_rules import Event, Frame, Kind, Played
from services.floor.types import Floor, Phase
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_ground import SHAPES, ChairView, chair_views, table_style
from state.staff.floor_views import LOOKS, PHASES, table_views

# Of events: icon, then the sentence.
_ICONS = {
    Kind.SEATED: "users",
    Kind.ORDERED: "clipboard-list",
    Kind.READY: "concierge-bell",
    Kind.SERVED: "hand-platter",
    Kind.COMPLETED: "check",
    Kind.CALLED_OFF: "x",
    Kind.MOVED: "arrow-right-left",
    Kind.LEFT: "log-out",
    Kind.SET: "tag",
}
_ORDER_WORDS = {
    Kind.ORDERED: N_("Order {number} placed"),
    Kind.READY: N_("Order {number} ready"),
    Kind.SERVED: N_("Order {number} served"),
    Kind.COMPLETED: N_("Order {number} completed"),
    Kind.CALLED_OFF: N_("Order {number} called off"),
}


@dataclass(frozen=True)
class PlayedTable:
    """A table as it is drawn once, with nobody there: its place and its first words."""

    id: str
    number: str
    shape: str
    icon: str
    word: str
    label: str
    row_caption: str
    style: dict[str, str]
    chairs: list[ChairView]


def played_tables(floor: Floor, *, restaurant: RestaurantInfo, now: datetime) -> list[PlayedTable]:
    """The room with every table free, in the order of their numbers."""
    free = [replace(table, sitting=None, status=TableStatus.AVAILABLE) for table in floor.tables]
    views = table_views(replace(floor, tables=tuple(free)), restaurant=restaurant, now=now)
    return [
        PlayedTable(
            id=view.id,
            number=table.number,
            shape=SHAPES.get(drawn.shape, "sq"),
            icon=view.icon,
            word=view.word,
            label=view.label,
            row_caption=view.row_caption,
            style=table_style(drawn),
            chairs=chair_views(drawn),
        )
        for table, view in zip(free, views, strict=True)
        for drawn in (floor.plan.tables[table.id],)
    ]


def payload(played: Played, *, restaurant: RestaurantInfo, with_money: bool) -> str:
    """The evening as JSON: seconds from its start, states by number, sentences in order."""
    start = played.start

    def at(moment: datetime) -> int:
        return round((moment - start).total_seconds())

    def money(minor: int) -> str:
        return money_text(minor, restaurant.currency, LANGUAGE) if with_money else ""

    return json.dumps(
        {
            "start": round(start.timestamp()),
            "length": max(0, at(played.end)),
            "zone": restaurant.time_zone,
            "states": [_state_words(state) for state in _STATES],
            "tables": {
                str(table_id): [_frame(frame, at(frame.at), played) for frame in frames]
                for table_id, frames in played.frames.items()
            },
            "tallies": [
                [at(one.at), one.guest_count, one.order_count, money(one.revenue_minor)]
                for one in played.tallies
            ],
            "events": [
                [
                    at(event.at),
                    clock_text(event.at, time_zone=restaurant.time_zone, language=LANGUAGE),
                    _ICONS[event.kind],
                    translate(LANGUAGE, N_("Table {number}"), number=event.number),
                    _sentence(event, money(event.total_minor)),
                    str(event.table_id),
                ]
                for event in played.events
            ],
        },
        separators=(",", ":"),
    )


_STATES: tuple[TableStatus | Phase, ...] = (*TableStatus, *Phase)


def _state_words(state: TableStatus | Phase) -> list[str]:
    """Class, icon, word on the table, word for those who listen, and the status it is."""
    if isinstance(state, Phase):
        look, _, _, long_word = LOOKS[TableStatus.OCCUPIED]
        icon, word = PHASES[state]
        said = f"{translate(LANGUAGE, long_word)}, {translate(LANGUAGE, word)}"
        return [look, icon, translate(LANGUAGE, word), said, str(TableStatus.OCCUPIED)]
    look, icon, word, long_word = LOOKS[state]
    return [look, icon, translate(LANGUAGE, word), translate(LANGUAGE, long_word), str(state)]


def _frame(frame: Frame, seconds: int, played: Played) -> list[int | None]:
    since = round((frame.since - played.start).total_seconds()) if frame.since else None
    return [seconds, _STATES.index(frame.state), since, frame.guest_count, frame.order_count]


def _sentence(event: Event, money: str) -> str:
    if event.kind in _ORDER_WORDS:
        text = translate(LANGUAGE, _ORDER_WORDS[event.kind], number=event.order_number)
        return f"{text} · {money}" if money and event.kind is Kind.COMPLETED else text
    if event.kind is Kind.MOVED:
        return translate(LANGUAGE, N_("Moved here from table {number}"), number=event.from_number)
    if event.kind is Kind.SET and event.status is not None:
        return translate(LANGUAGE, LOOKS[event.status][3])
    if event.kind is Kind.LEFT:
        return plural(LANGUAGE, "{count} guest left", "{count} guests left", event.guest_count)
    return plural(LANGUAGE, "{count} guest seated", "{count} guests seated", event.guest_count)
