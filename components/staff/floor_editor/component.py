"""The wrapper of the floor plan's editor: typed props in, events out.

Positions live in the browser while something is dragged. What was done leaves it as operations,
one a drop, in batches that are sent again until they are answered.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import reflex as rx

_FOLDER = Path(__file__).parent
# The modules import each other by name, so all of them have to lie beside the first.
_MODULES = sorted(path.name for path in _FOLDER.glob("*.js*"))
_paths = {name: rx.asset(name, shared=True) for name in _MODULES}


def _two_words(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (first, second)


def _layout_and_word(
    layout_id: rx.Var[UUID], word: rx.Var[str]
) -> tuple[rx.Var[UUID], rx.Var[str]]:
    return (layout_id, word)


def _layout_and_number(
    layout_id: rx.Var[UUID], number: rx.Var[int]
) -> tuple[rx.Var[UUID], rx.Var[int]]:
    return (layout_id, number)


class FloorEditor(rx.NoSSRComponent):
    """The canvas with its bars and panel; a lazy chunk that no other page loads."""

    library = _paths["editor.jsx"].importable_path
    tag = "FloorEditor"
    lib_dependencies: list[str] = ["@xyflow/react@12.12.1"]

    # Words of the screen by short name.
    texts: rx.Var[dict[str, str]]
    # The list of layouts, which one is open, and the addresses of print and upload.
    room: rx.Var[dict[str, Any]]
    # What the last exchange brought back; `batch` says which.
    answer: rx.Var[dict[str, Any]]
    # "layout:revision" or "room:number": somebody changed something.
    heard: rx.Var[str]
    # What publishing would do.
    preview: rx.Var[dict[str, Any]]
    offline: rx.Var[bool]

    on_exchange: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]
    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(UUID)]
    on_create: rx.EventHandler[_two_words]
    on_rename: rx.EventHandler[_layout_and_word]
    on_put_away: rx.EventHandler[rx.event.passthrough_event_spec(UUID)]
    on_look: rx.EventHandler[rx.event.passthrough_event_spec(UUID)]
    on_publish: rx.EventHandler[_layout_and_number]
