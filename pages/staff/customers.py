"""The guest list, and one guest's page."""

import reflex as rx

from components.staff.card.page import guest_card
from components.staff.card.vars import CardVars
from components.staff.customers import CustomersVars, customer_list
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.customer import CustomerState
from state.staff.customers import CustomersState
from state.staff.frame import FrameState


def list_page() -> rx.Component:
    """/staff/customers."""
    state = CustomersState
    parts = CustomersVars(
        texts=state.texts,
        rows=state.rows,
        count_text=state.count_text,
        search=state.search,
        sort=state.sort,
        is_descending=state.is_descending,
        has_more=state.has_more,
        is_ready=state.is_ready,
        on_search=state.search_for,
        on_clear=state.search_for(""),
        on_sort=state.sort_by,
        on_more=state.more,
    )
    return staff_page(frame(is_ready=state.is_ready), customer_list(parts), active="guests")


def one_page() -> rx.Component:
    """/staff/customers/{id}."""
    state = CustomerState
    card = CardVars(
        texts=state.texts,
        stage=state.stage,
        head=state.head,
        tab=state.tab,
        overview=state.overview,
        timeline=state.timeline,
        orders=state.orders,
        preferences=state.preferences,
        insights=state.insights,
        notes=state.notes,
        source=state.source,
        merge=state.merge,
        on_tab=state.show_tab,
        on_kind=state.toggle_kind,
        on_older=state.show_older,
        on_newest=state.show_newest,
        on_source=state.show_source,
        on_add_note=state.add_note,
        on_edit_note=state.edit_note,
        on_save_note=state.save_note,
        on_delete_note=state.delete_note,
        on_add_tag=state.add_tag,
        on_remove_tag=state.remove_tag,
        on_compare=state.compare,
        on_not_same=state.not_same,
        on_merge=state.merge_with,
        on_ask_apart=state.ask_apart,
        on_take_apart=state.take_apart,
        on_close=state.close,
    )
    around = frame(is_ready=state.stage != "loading", on_undo=state.undo)
    return staff_page(around, guest_card(card), active="guests")


def register(app: rx.App) -> None:
    """Add both pages."""
    app.add_page(
        list_page,
        route=addresses.STAFF_CUSTOMERS,
        title="Guests · SmartMenu",
        on_load=[FrameState.enter, CustomersState.live],
    )
    app.add_page(
        one_page,
        route="/staff/customers/[customer_id]",
        title="Guest · SmartMenu",
        on_load=[FrameState.enter, CustomerState.live],
    )
