"""The wrappers of the live floor's tables: places and news in, which table was opened out.

Reflex sends a Var whole. Here one change among 300 tables is told by itself, and React draws that
table alone: `state/staff/floor_news.py` numbers the changes, `news.js` keeps what was told.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import reflex as rx

_FOLDER = Path(__file__).parent
# The modules import each other by name, so all of them have to lie beside the first.
_paths = {path.name: rx.asset(path.name, shared=True) for path in sorted(_FOLDER.glob("*.js*"))}


class _Tables(rx.Component):
    library = _paths["tables.jsx"].importable_path

    # Where tables and chairs stand.
    places: rx.Var[list[dict[str, Any]]]
    # All tables, or those that changed (`floor_news.news`).
    news: rx.Var[dict[str, Any]]
    # The area that is looked at; empty for the whole room.
    area_id: rx.Var[str]
    search: rx.Var[str]
    # Whose tables step forward; empty for everybody's.
    mine: rx.Var[str]

    on_open: rx.EventHandler[rx.event.passthrough_event_spec(UUID)]
    # News were missed: tell everything.
    on_gap: rx.EventHandler[rx.event.no_args_event_spec]


class LiveTables(_Tables):
    """Tables and chairs, as children of the plan."""

    tag = "LiveTables"
    chosen_id: rx.Var[str]


class LiveRows(_Tables):
    """The same as a list."""

    tag = "LiveRows"
    label: rx.Var[str]
    offline: rx.Var[bool]
