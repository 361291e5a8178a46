"""The guest list, and one guest's page."""

import reflex as rx

from components.staff.card.page import guest_card
from components.staff.card.vars import CardVars
from components.staff.guests.builder import builder_dialog
from components.staff.guests.bulk import bulk_bar, bulk_question
from components.staff.guests.drawer import drawer
from components.staff.guests.listing import ListVars, guest_list
from components.staff.guests.panels import view_form
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.criteria import CriteriaState
from state.staff.customer import CustomerState
from state.staff.customers import CustomersState
from state.staff.customers_bulk import CustomersBulkState
from state.staff.customers_preview import CustomersPreviewState
from state.staff.frame import FrameState


def list_page() -> rx.Component:
    """/staff/customers."""
    state, texts = CustomersState, CustomersState.texts
    bulk, preview = CustomersBulkState, CustomersPreviewState
    return staff_page(
        frame(is_ready=state.is_ready, on_undo=bulk.undo),
        rx.el.div(
            rx.el.link(
                rel="stylesheet", href="/guests.css", custom_attrs={"precedence": "default"}
            ),
            rx.el.main(
                guest_list(ListVars(texts=texts, state=state, bulk=bulk, preview=preview)),
                bulk_bar(texts, bulk, state.view),
                class_name="main",
            ),
            drawer(texts, preview, state.view),
            builder_dialog(CriteriaState, state, texts),
            view_form(texts, state),
            bulk_question(texts, bulk, state),
            form_script(),
            rx.el.script(src="/guests.js", custom_attrs={"async": True}),
            class_name="split gpage",
        ),
        active="guests",
    )


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
        loyalty=state.loyalty,
        is_adjusting=state.is_adjusting,
        points_wrong=state.points_wrong,
        points_key=state.points_key,
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
        on_ask_points=state.ask_points,
        on_adjust_points=state.adjust_points,
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
