"""What the room stands on: pictures, areas as they were drawn, walls, plants and words.

Every place is a custom property in centimetres of the plan; the sheet scales it.
"""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon


def ground(areas: Any, decor: ArrayVar[list[Any]], chosen: Any = "") -> rx.Component:
    """Below the tables, from the lowest up; children of the plan.

    Args:
        areas: `AreaView`s.
        decor: `DecorView`s, the lowest layer first.
        chosen: the area that alone is looked at; empty for the whole room.
    """
    return rx.fragment(
        rx.foreach(
            decor,
            lambda one: rx.cond(one.kind == "picture", _picture(one), rx.fragment(key=one.key)),
        ),
        rx.foreach(areas, lambda area: _zone(area, chosen)),
        rx.foreach(
            decor,
            lambda one: rx.cond(
                one.kind == "picture", rx.fragment(key=one.key), _decor(one, chosen)
            ),
        ),
    )


def _zone(area: Any, chosen: Any) -> rx.Component:
    """A card, or the outline that somebody drew."""
    return rx.el.div(
        rx.cond(
            area.corners != "",
            rx.el.svg(
                rx.el.svg.polygon(points=area.corners),
                view_box=area.square,
                custom_attrs={"preserveAspectRatio": "none", "aria-hidden": "true"},
            ),
        ),
        rx.el.h3(area.name, " ", rx.el.small(area.caption), custom_attrs={"style": area.heading}),
        class_name=f"zone {area.look}{_away(area.id, chosen)}",
        key=area.id,
        custom_attrs={"style": area.style, "data-area": area.name},
    )


def _picture(one: Any) -> rx.Component:
    return rx.el.img(
        src=one.source,
        alt="",
        class_name="dc picture",
        draggable=False,
        key=one.key,
        custom_attrs={"style": one.style, "data-decor": one.kind},
    )


def _decor(one: Any, chosen: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(one.kind == "plant", icon("sprout"), rx.fragment()),
        rx.cond(one.kind == "text", rx.el.span(one.text), rx.fragment()),
        class_name=f"dc {one.kind}{rx.cond(one.area_id != '', _away(one.area_id, chosen), '')}",
        key=one.key,
        custom_attrs={"style": one.style, "data-decor": one.kind},
    )


def _away(area_id: Any, chosen: Any) -> Any:
    """Where another area has been chosen: still in the document, but not seen."""
    return rx.cond((chosen != "") & (chosen != area_id), " away", "")
