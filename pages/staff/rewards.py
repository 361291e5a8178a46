"""The owner's editor of rewards."""

import reflex as rx

from components.icons import icon
from components.staff.forms import confirm, savebar, skeleton
from components.staff.loyalty_places import loyalty_places
from components.staff.menu_forms import form_head
from components.staff.pictures import form_script
from components.staff.rewards import add_reward, reward_form, reward_list
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.rewards import RewardsState

TEXTS = RewardsState.texts
FORM = "reward-form"


def page() -> rx.Component:
    """The list, or the form in its place."""
    around = frame(is_ready=RewardsState.is_ready)
    return staff_page(
        around,
        rx.el.main(
            *(
                rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
                for href in ("/reports.css", "/programme.css")
            ),
            rx.el.div(loyalty_places(around, "rewards"), class_name="bar"),
            rx.cond(
                RewardsState.is_ready,
                rx.cond(RewardsState.is_open, _form(), _list()),
                skeleton(FrameState.texts["loading"]),
            ),
            confirm(
                is_open=RewardsState.is_deleting,
                title=TEXTS["delete_title"],
                text=TEXTS["delete_text"],
                yes=TEXTS["delete"],
                no=TEXTS["cancel"],
                on_yes=RewardsState.delete,
                on_no=RewardsState.ask_delete(False),
            ),
            form_script(),
            class_name="main",
        ),
        active="loyalty",
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.h1(TEXTS["title"]),
            rx.el.span(class_name="grow"),
            rx.cond(
                RewardsState.rewards.length() > 0, add_reward(TEXTS, RewardsState), rx.fragment()
            ),
            class_name="ph",
        ),
        reward_list(TEXTS, RewardsState),
    )


def _form() -> rx.Component:
    state = RewardsState
    return rx.fragment(
        form_head(
            rx.cond(state.reward.id != "", state.reward.name, TEXTS["add"]),
            TEXTS["title"],
            state.leave,
            rx.cond(
                state.reward.id != "",
                rx.el.button(
                    icon("trash-2", 18),
                    TEXTS["delete"],
                    type="button",
                    class_name="b badb",
                    on_click=state.ask_delete(True),
                    custom_attrs={"data-testid": "reward-delete"},
                ),
                rx.fragment(),
            ),
        ),
        reward_form(TEXTS, state, id=FORM),
        savebar(
            form_id=FORM,
            is_dirty=state.is_dirty,
            not_saved=TEXTS["not_saved"],
            discard=TEXTS["cancel"],
            save=TEXTS["save"],
            on_discard=state.leave,
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_REWARDS,
        title="Rewards · SmartMenu",
        on_load=[FrameState.enter, RewardsState.enter],
    )
