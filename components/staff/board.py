"""The order board: four columns of tickets."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import NumberVar

from components.icons import icon
from components.staff.board_ticket import TicketHandlers, ticket
from components.staff.pause import PauseVars, pause_button, pause_strip
from components.staff.shell import FrameVars, connection_mark, stale_strip
from components.texts import Texts


@dataclass(frozen=True)
class BoardVars:
    """What the board shows: Vars of its state, and its handlers."""

    texts: Texts
    is_ready: rx.Var[bool]
    as_of_text: rx.Var[str]
    new: Any
    preparing: Any
    ready: Any
    served: Any
    order_count: NumberVar[int]
    late_count: rx.Var[int]
    average_text: rx.Var[str]
    tab: rx.Var[str]
    on_tab: Any
    on_recall: Any
    tickets: TicketHandlers
    pause: PauseVars


@dataclass(frozen=True)
class _Column:
    key: str
    icon: str
    text: str
    empty: str


# Keys are the sheet's class names; the data-tab of the columns says which one a phone shows.
COLUMNS = (
    _Column("new", "bell-ring", "new", "none_new"),
    _Column("prep", "chef-hat", "preparing", "none_preparing"),
    _Column("ready", "concierge-bell", "ready", "none_ready"),
    _Column("served", "hand-platter", "served", "none_served"),
)


def board(frame: FrameVars, board: BoardVars) -> rx.Component:
    """The bar, the strip when the connection is gone, and the columns."""
    return rx.el.main(
        _bar(frame, board),
        stale_strip(frame, board.as_of_text),
        pause_strip(board.pause),
        rx.cond(
            board.is_ready,
            rx.cond(board.order_count > 0, _columns(board), _empty(board.texts)),
            _loading(frame),
        ),
        class_name="page",
        custom_attrs={"data-board": ""},
    )


def _bar(frame: FrameVars, board: BoardVars) -> rx.Component:
    texts = board.texts
    return rx.el.header(
        rx.el.h1(texts["title"], class_name="bar-t"),
        rx.el.span(class_name="grow"),
        rx.cond(
            board.average_text != "",
            rx.el.div(
                rx.el.b(board.average_text, class_name="num"),
                rx.el.span(texts["average"]),
                class_name="stat",
            ),
        ),
        rx.el.div(
            rx.el.b(board.late_count, class_name="num", custom_attrs={"data-late-count": ""}),
            rx.el.span(texts["late"]),
            class_name="stat",
        ),
        pause_button(board.pause),
        rx.el.button(
            icon("rotate-ccw", 18),
            rx.el.span(texts["recall"]),
            type="button",
            class_name="b sec",
            on_click=board.on_recall,
            custom_attrs={"data-testid": "board-recall"},
        ),
        rx.el.button(
            icon("volume-2"),
            type="button",
            class_name="b sec sq",
            custom_attrs={"aria-label": texts["sound"], "aria-pressed": "true", "data-sound": ""},
        ),
        connection_mark(frame),
        class_name="bar",
    )


def _columns(board: BoardVars) -> rx.Component:
    lists = {
        "new": board.new,
        "prep": board.preparing,
        "ready": board.ready,
        "served": board.served,
    }
    return rx.el.div(
        rx.el.div(
            *(_tab(board, column, lists[column.key]) for column in COLUMNS),
            class_name="seg coltabs",
            role="group",
            custom_attrs={"aria-label": board.texts["title"]},
        ),
        rx.el.div(
            *(_column(board, column, lists[column.key]) for column in COLUMNS),
            class_name="cols",
            custom_attrs={"data-tab": board.tab},
        ),
        class_name="board",
    )


def _tab(board: BoardVars, column: _Column, tickets: Any) -> rx.Component:
    return rx.el.button(
        board.texts[column.text],
        rx.el.small(tickets.length(), class_name="num"),
        type="button",
        class_name=rx.cond(board.tab == column.key, "on", ""),
        on_click=board.on_tab(column.key),
        custom_attrs={"aria-pressed": rx.cond(board.tab == column.key, "true", "false")},
    )


def _column(board: BoardVars, column: _Column, tickets: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            icon(column.icon),
            board.texts[column.text],
            rx.el.span(tickets.length(), class_name="c num"),
        ),
        rx.cond(
            tickets.length() > 0,
            rx.foreach(tickets, lambda one: ticket(one, column.key, board.texts, board.tickets)),
            rx.el.p(board.texts[column.empty], class_name="none hint"),
        ),
        class_name=f"col {column.key}",
        custom_attrs={"aria-label": board.texts[column.text], "tabIndex": "0"},
    )


def _empty(texts: Texts) -> rx.Component:
    return rx.el.div(
        rx.el.svg(rx.el.svg.use(href="/icons.svg#utensils"), class_name="ill ic"),
        rx.el.h2(texts["empty"]),
        rx.el.p(texts["empty_note"]),
        class_name="em",
    )


def _loading(frame: FrameVars) -> rx.Component:
    """Tickets without words, in the shape of the real ones."""
    card = (
        rx.el.div(class_name="sk head w-m"),
        rx.el.div(class_name="sk line w-l"),
        rx.el.div(class_name="sk line w-s"),
        rx.el.div(class_name="sk pill"),
    )
    return rx.el.div(
        rx.el.span(frame.texts["loading"], class_name="sr"),
        rx.el.div(
            *(
                rx.el.div(
                    *(rx.el.div(*card, class_name="tk skt") for _ in range(2)),
                    class_name=f"col {column.key}",
                )
                for column in COLUMNS
            ),
            class_name="cols",
            custom_attrs={"data-tab": "new"},
        ),
        class_name="board",
        custom_attrs={"aria-busy": "true"},
    )
