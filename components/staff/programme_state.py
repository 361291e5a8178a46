"""What counts of a loyalty programme, its draft, its versions, and a year tried out."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import confirm
from components.staff.modal import modal
from components.texts import Texts


def standing(texts: Texts, state: Any) -> rx.Component:
    """What counts now, and what can be done with the draft."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(texts["state"]),
                rx.el.p(
                    rx.el.span(state.standing[1], class_name=f"chip {state.standing[0]}"),
                    rx.el.span(state.standing[2]),
                    class_name="row",
                    custom_attrs={"data-testid": "programme-state"},
                ),
                class_name="grow",
            ),
            rx.match(
                state.standing[3],
                (
                    "published",
                    _button(texts["pause"], "pause", state.ask("pause"), "b sec", "pause"),
                ),
                (
                    "paused",
                    _button(texts["resume"], "play", state.resume, "b pri", "resume"),
                ),
                rx.fragment(),
            ),
            class_name="prog",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.h2(texts["draft"]),
                rx.el.p(
                    rx.cond(state.draft_note != "", state.draft_note, texts["no_draft"]),
                    class_name="hint",
                    custom_attrs={"data-testid": "programme-draft"},
                ),
                class_name="grow",
            ),
            rx.el.div(
                _button(
                    rx.cond(state.is_trying, texts["trying"], texts["try_out"]),
                    "history",
                    state.try_out,
                    "b sec",
                    "try-out",
                    busy=state.is_trying,
                ),
                rx.cond(
                    state.draft_note != "",
                    rx.fragment(
                        _button(texts["drop"], "trash-2", state.ask("drop"), "b gh", "drop-draft"),
                        _button(
                            texts["publish"], "check", state.ask("publish"), "b pri", "publish"
                        ),
                    ),
                    rx.fragment(),
                ),
                class_name="row",
            ),
            class_name="prog",
        ),
        class_name="card",
    )


def _button(
    text: Any, name: str, on_click: Any, look: str, testid: str, busy: Any = False
) -> rx.Component:
    return rx.el.button(
        icon(name, 18),
        text,
        type="button",
        class_name=look,
        on_click=on_click,
        custom_attrs={
            "data-testid": testid,
            "aria-busy": rx.cond(busy, "true", "false"),
        },
    )


def simulation(texts: Texts, state: Any) -> rx.Component:
    """The last twelve months by the draft beside what runs, or by what is shown."""

    def shown(found: Any) -> rx.Component:
        return rx.el.section(
            rx.el.div(
                rx.el.h2(
                    rx.cond(found.is_of_draft, texts["simulation"], texts["simulation_rules"]),
                    class_name="grow",
                ),
                rx.el.button(
                    icon("x", 18),
                    type="button",
                    class_name="b gh sq",
                    on_click=state.close,
                    custom_attrs={"aria-label": texts["close"]},
                ),
                class_name="prog",
            ),
            rx.cond(
                found.lacking != "",
                rx.el.p(found.lacking, class_name="plate"),
                rx.fragment(
                    rx.el.p(found.lead, class_name="hint"),
                    _compared(texts, found.rows, has_now=found.has_running, head="figure"),
                    rx.el.ul(
                        rx.foreach(found.notes, lambda note: rx.el.li(note, key=note)),
                        class_name="hint notes",
                    ),
                ),
            ),
            class_name="card",
            role="status",
            custom_attrs={"data-testid": "simulation"},
        )

    return rx.cond(state.simulation, shown(state.simulation), rx.fragment())


def _compared(texts: Texts, rows: Any, *, has_now: Any = True, head: str = "rule") -> rx.Component:
    """Names, what is now, and what would be; without a running version one column."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(texts[head], scope="col"),
                    rx.cond(has_now, rx.el.th(texts["now"], scope="col"), rx.fragment()),
                    rx.el.th(rx.cond(has_now, texts["then"], texts["result"]), scope="col"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    rows,
                    lambda row: rx.el.tr(
                        rx.el.th(row.name, scope="row"),
                        rx.cond(has_now, rx.el.td(row.now), rx.fragment()),
                        rx.el.td(rx.el.b(row.then)),
                        key=row.name,
                    ),
                )
            ),
            class_name="num",
        ),
        class_name="compared",
        custom_attrs={"tabIndex": "0", "role": "group", "aria-label": texts["changes"]},
    )


def versions(texts: Texts, state: Any) -> rx.Component:
    """Every version that was published."""
    return rx.cond(
        state.versions.length() > 0,
        rx.el.section(
            rx.el.h2(texts["versions"]),
            rx.el.p(texts["versions_help"], class_name="help"),
            rx.el.ul(
                rx.foreach(
                    state.versions,
                    lambda one: rx.el.li(
                        rx.el.b(one.version, class_name="num"),
                        rx.el.span(one.state, class_name=f"chip {one.look}"),
                        rx.el.span(one.when),
                        class_name="row",
                        key=one.version,
                    ),
                ),
                class_name="reps",
                custom_attrs={"data-testid": "versions"},
            ),
            class_name="card",
        ),
        rx.fragment(),
    )


def questions(texts: Texts, state: Any) -> rx.Component:
    """What is asked before guests notice something, or a draft is lost."""
    return rx.fragment(
        modal(
            rx.el.p(texts["publish_text"]),
            rx.cond(
                state.standing[3] == "",
                rx.el.p(texts["first_version"]),
                rx.cond(
                    state.changes.length() > 0,
                    _compared(texts, state.changes),
                    rx.el.p(texts["no_changes"]),
                ),
            ),
            rx.el.div(
                rx.el.button(
                    texts["cancel"], type="button", class_name="b sec", on_click=state.close
                ),
                rx.el.button(
                    texts["publish_yes"],
                    type="button",
                    class_name="b pri",
                    on_click=state.confirm,
                    custom_attrs={"data-testid": "publish-yes"},
                ),
                class_name="row end",
            ),
            is_open=state.asked == "publish",
            name="publish",
            title=texts["publish_title"],
            on_close=state.close,
            look="broad",
            title_attrs={"tabIndex": -1},
        ),
        *(
            confirm(
                is_open=state.asked == asked,
                title=texts[f"{asked}_title"],
                text=texts[f"{asked}_text"],
                yes=texts[asked],
                no=texts["cancel"],
                on_yes=state.confirm,
                on_no=state.close,
                is_grave=asked == "drop",
            )
            for asked in ("pause", "drop")
        ),
    )
