"""The guest list, and one guest's page."""

import reflex as rx

from components.staff.customer import CustomerVars, customer_page
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
    parts = CustomerVars(
        texts=state.texts,
        dayparts=state.dayparts,
        page=state.page,
        tab=state.tab,
        metrics=state.metrics,
        rhythm=state.rhythm,
        favourites=state.favourites,
        when_grid=state.when_grid,
        habits=state.habits,
        given=state.given,
        days=state.days,
        orders=state.orders,
        visits=state.visits,
        maybe_same=state.maybe_same,
        merges=state.merges,
        compared=state.compared,
        note_problem=state.note_problem,
        notes_version=state.notes_version,
        may_edit=state.may_edit,
        is_missing=state.is_missing,
        is_ready=state.is_ready,
        on_tab=state.show_tab,
        on_save_notes=state.save_notes,
        on_compare=state.compare,
        on_close_compare=state.close_compare,
        on_merge=state.merge_with,
        on_take_apart=state.take_apart,
    )
    return staff_page(frame(is_ready=state.is_ready), customer_page(parts), active="guests")


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
