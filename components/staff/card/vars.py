"""What a guest's card shows and calls."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CardVars:
    """Vars of the card's state, and its handlers."""

    texts: Any
    stage: Any
    head: Any
    tab: Any
    overview: Any
    timeline: Any
    orders: Any
    preferences: Any
    loyalty: Any
    is_adjusting: Any
    points_wrong: Any
    points_key: Any
    insights: Any
    notes: Any
    source: Any
    merge: Any
    on_tab: Any
    on_kind: Any
    on_older: Any
    on_newest: Any
    on_source: Any
    on_add_note: Any
    on_edit_note: Any
    on_save_note: Any
    on_delete_note: Any
    on_add_tag: Any
    on_remove_tag: Any
    on_compare: Any
    on_not_same: Any
    on_merge: Any
    on_ask_apart: Any
    on_take_apart: Any
    on_close: Any
    on_ask_points: Any
    on_adjust_points: Any
