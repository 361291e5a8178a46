"""The team's screen."""

import reflex as rx

from components.icons import icon
from components.staff.forms import confirm, skeleton
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from components.staff.team import members_table, new_person, own_password, person
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.team import TeamState


def page() -> rx.Component:
    """The list with a drawer beside it; the own password below."""
    return staff_page(frame(is_ready=TeamState.is_ready), _content(), active="team")


def _content() -> rx.Component:
    state, texts = TeamState, TeamState.texts
    return rx.el.div(
        rx.el.main(
            rx.el.header(
                rx.el.h1(texts["title"]),
                rx.el.span(class_name="grow"),
                rx.cond(
                    state.may_edit,
                    rx.el.button(
                        icon("user-plus", 18),
                        texts["add"],
                        type="button",
                        class_name="b pri",
                        on_click=state.start_adding,
                        custom_attrs={"data-testid": "start-adding"},
                    ),
                    rx.fragment(),
                ),
                class_name="ph",
            ),
            rx.cond(
                state.is_ready,
                rx.fragment(
                    rx.cond(
                        state.may_edit,
                        members_table(texts, state.members, state.open_id, state.open_person),
                        rx.fragment(),
                    ),
                    own_password(
                        texts,
                        wrong=state.own_wrong,
                        key=state.own_form.to_string(),
                        on_submit=state.change_own,
                    ),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            class_name="main",
        ),
        rx.cond(
            state.is_adding,
            new_person(
                texts,
                roles=state.roles,
                wrong=state.wrong,
                on_add=state.add,
                on_close=state.close,
            ),
            rx.fragment(),
        ),
        rx.cond(
            state.open_id != "",
            person(
                texts,
                state.open_member,
                roles=state.roles,
                wrong=state.wrong,
                shown_password=state.shown_password,
                on_role=state.change_role,
                on_password=state.make_password,
                on_copy=rx.set_clipboard(state.shown_password),
                on_remove=state.ask_removal,
                on_close=state.close,
            ),
            rx.fragment(),
        ),
        confirm(
            is_open=state.asks_removal,
            title=texts["remove_title"],
            text=texts["remove_text"],
            yes=texts["remove_person"],
            no=texts["cancel"],
            on_yes=state.remove,
            on_no=state.keep,
        ),
        form_script(),
        class_name="split",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_TEAM,
        title="Team · SmartMenu",
        on_load=[FrameState.enter, TeamState.enter],
    )
