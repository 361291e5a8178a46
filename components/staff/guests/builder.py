"""The builder of filters: conditions and groups, line by line, with the number of guests."""

from typing import Any

import reflex as rx

from components.icons import icon

DELAY_MS = 350
_PRESSED = ("true", "false")
_JOINS = ("all", "any", "none")


def builder(state: Any, *foot: rx.Component) -> rx.Component:
    """The builder without a frame; `foot` are the buttons below."""
    texts, built = state.builder, state.built
    return rx.fragment(
        rx.el.div(
            _join(state, "", built["join"]),
            rx.foreach(state.lines, lambda line: _line(state, line)),
            rx.cond(
                state.lines.length() > 0,
                rx.fragment(),
                rx.el.p(texts["nothing_yet"], class_name="hint"),
            ),
            _adders(state, ""),
            class_name="build",
            custom_attrs={"data-testid": "filter-builder"},
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(built["problem"] != "", built["problem"], built["sentence"]),
                class_name="said",
                custom_attrs={"data-testid": "built-sentence"},
            ),
            rx.el.div(
                rx.el.b(
                    rx.cond(
                        built["count"] != "",
                        built["count"],
                        rx.cond(built["sentence"] != "", "…", ""),
                    ),
                    class_name="num",
                    role="status",
                    custom_attrs={"data-testid": "built-count"},
                ),
                rx.el.span(class_name="grow"),
                *foot,
                class_name="row",
            ),
            class_name="built",
        ),
    )


def builder_dialog(state: Any, list_state: Any, texts: Any) -> rx.Component:
    """The builder over the list."""
    return rx.cond(
        (state.built["open"] != "") & (state.built["for"] == "list"),
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=state.close),
            rx.el.section(
                rx.el.div(
                    rx.el.h2(state.builder["builder_title"], custom_attrs={"id": "builder-title"}),
                    rx.el.span(class_name="grow"),
                    rx.el.button(
                        icon("x", 20),
                        type="button",
                        class_name="b gh sq",
                        on_click=state.close,
                        custom_attrs={"aria-label": texts["close"]},
                    ),
                    class_name="row",
                ),
                builder(
                    state,
                    rx.el.button(
                        texts["apply"],
                        type="button",
                        class_name="b pri",
                        on_click=list_state.apply_filter,
                        disabled=(state.built["sentence"] == "")
                        & (state.built["count"] == "")
                        & (state.built["problem"] == ""),
                        custom_attrs={"data-testid": "filter-apply"},
                    ),
                ),
                class_name="modal wide",
                role="dialog",
                custom_attrs={
                    "aria-modal": "true",
                    "aria-labelledby": "builder-title",
                    "data-escape": "true",
                },
            ),
        ),
        rx.fragment(),
    )


def _line(state: Any, line: Any) -> rx.Component:
    look = "d" + line.depth.to_string()
    found: Any = rx.match(
        line.kind,
        (
            "group",
            rx.el.div(
                _join(state, line.place, line.join),
                rx.el.span(class_name="grow"),
                _remove(state, line.place),
                class_name="grp " + look,
                key=line.key,
            ),
        ),
        ("foot", rx.el.div(_adders(state, line.place), class_name="ft " + look, key=line.key)),
        _condition(state, line, look),
    )
    return found


def _condition(state: Any, line: Any, look: Any) -> rx.Component:
    texts = state.builder
    return rx.el.div(
        rx.el.select(
            rx.el.option(texts["choose_field"], value=""),
            rx.foreach(
                state.groups,
                lambda group: rx.el.optgroup(
                    rx.foreach(group[1], _option), label=group[0], key=group[0]
                ),
            ),
            value=line.field,
            on_change=lambda value: state.set_field(line.place, value),
            class_name="inp fx",
            custom_attrs={"aria-label": texts["field"], "data-testid": "filter-field"},
        ),
        rx.cond(
            line.comparisons.length() > 1,
            rx.el.select(
                rx.foreach(line.comparisons, _option),
                value=line.comparison,
                on_change=lambda value: state.set_comparison(line.place, value),
                class_name="inp cx",
                custom_attrs={"aria-label": texts["comparison"], "data-testid": "filter-is"},
            ),
            rx.fragment(),
        ),
        rx.foreach(line.boxes, lambda box: _box(state, line, box)),
        rx.el.span(class_name="grow"),
        _remove(state, line.place),
        class_name="cond " + look,
        key=line.key,
        custom_attrs={"data-testid": "filter-line"},
    )


def _box(state: Any, line: Any, box: Any) -> rx.Component:
    texts = state.builder
    label = rx.cond(box.label != "", box.label, texts["value"])

    def change(value: Any) -> Any:
        return state.set_box(line.place, box.name, value)

    def typed(kind: Any, mode: str) -> rx.Component:
        return rx.el.input(
            type=kind,
            default_value=box.value,
            on_change=lambda value: change(value).debounce(DELAY_MS),
            # Whoever types and goes on at once must not lose the last letters.
            on_blur=change,
            class_name="inp bx-" + kind,
            auto_complete="off",
            max_length=120,
            custom_attrs={"aria-label": label, "data-testid": "filter-value", "inputMode": mode},
        )

    return rx.el.span(
        rx.cond(box.name == "value.1", rx.el.span(texts["and"], class_name="mut"), rx.fragment()),
        rx.cond(box.label != "", rx.el.span(box.label, class_name="mut"), rx.fragment()),
        rx.match(
            box.control,
            ("number", typed("text", "decimal")),
            ("date", typed("date", "none")),
            ("text", typed("text", "text")),
            (
                "flag",
                rx.el.select(
                    rx.el.option(texts["yes"], value="yes"),
                    rx.el.option(texts["no"], value="no"),
                    value=box.value,
                    on_change=change,
                    class_name="inp",
                    custom_attrs={"aria-label": label, "data-testid": "filter-value"},
                ),
            ),
            (
                "choice",
                rx.el.select(
                    rx.cond(box.value == "", rx.el.option("…", value=""), rx.fragment()),
                    rx.foreach(state.options[box.source], _option),
                    value=box.value,
                    on_change=change,
                    class_name="inp",
                    custom_attrs={"aria-label": label, "data-testid": "filter-value"},
                ),
            ),
            _picks(state, line, box),
        ),
        rx.cond(box.unit != "", rx.el.span(box.unit, class_name="mut"), rx.fragment()),
        class_name="bx " + box.control + " " + box.place,
        key=box.name,
    )


def _picks(state: Any, line: Any, box: Any) -> rx.Component:
    return rx.el.span(
        rx.foreach(
            state.options[box.source],
            lambda one: rx.el.button(
                rx.cond(box.picked.contains(one.value), icon("check", 14), rx.fragment()),
                one.label,
                type="button",
                class_name=rx.cond(box.picked.contains(one.value), "pk on", "pk"),
                on_click=state.pick(line.place, one.value),
                key=one.value,
                custom_attrs={
                    "aria-pressed": rx.cond(box.picked.contains(one.value), *_PRESSED),
                    "data-testid": "filter-pick",
                    "data-value": one.value,
                },
            ),
        ),
        rx.cond(
            state.options[box.source].length() > 0,
            rx.fragment(),
            rx.el.span(state.builder["no_options"], class_name="hint"),
        ),
        class_name="picks",
    )


def _join(state: Any, place: Any, join: Any) -> rx.Component:
    texts = state.builder
    return rx.el.select(
        *(rx.el.option(texts[f"join_{one}"], value=one) for one in _JOINS),
        value=join,
        on_change=lambda value: state.set_join(place, value),
        class_name="inp jn",
        custom_attrs={"aria-label": texts["join"], "data-testid": "filter-join"},
    )


def _adders(state: Any, place: Any) -> rx.Component:
    texts = state.builder
    return rx.el.span(
        *(
            rx.el.button(
                icon("plus", 16),
                texts[f"add_{what}"],
                type="button",
                class_name="b gh",
                on_click=state.add(place, what),
                custom_attrs={"data-testid": f"filter-add-{what}"},
            )
            for what in ("condition", "group")
        ),
        class_name="adds",
    )


def _remove(state: Any, place: Any) -> rx.Component:
    return rx.el.button(
        icon("x", 18),
        type="button",
        class_name="b gh sq",
        on_click=state.remove(place),
        custom_attrs={"aria-label": state.builder["remove"], "data-testid": "filter-remove"},
    )


def _option(one: Any) -> rx.Component:
    return rx.el.option(one.label, value=one.value, key=one.value)
