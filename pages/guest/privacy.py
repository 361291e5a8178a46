"""What a restaurant knows about the guest who asks."""

import reflex as rx

from components.connection import is_offline, live_marker
from components.guest.notices import guest_notice, offline_strip
from components.guest.privacy import PrivacyVars, privacy_body
from state.guest.privacy import PrivacyState
from state.notice import NoticeState


def page() -> rx.Component:
    """/menu/{slug}/privacy."""
    state = PrivacyState
    parts = PrivacyVars(
        texts=state.texts,
        months=state.months,
        restaurant_name=state.restaurant_name,
        menu_href=state.menu_href,
        lead=state.lead,
        news=state.news,
        is_bad_news=state.is_bad_news,
        level=state.level,
        chosen_text=state.chosen_text,
        is_guest=state.is_guest,
        is_remembered=state.is_remembered,
        offers_fingerprint=state.offers_fingerprint,
        facts=state.facts,
        choices=state.choices,
        fields=state.fields,
        fields_version=state.fields_version,
        errors=state.errors,
        allergens=state.allergens,
        channels=state.channels,
        recovery_code=state.recovery_code,
        recovery_picture=state.recovery_picture,
        forget_question=state.forget_question,
        is_confirming=state.is_confirming,
        on_save=state.save_details,
        on_remove=state.remove_detail,
        on_save_allergies=state.save_allergies,
        on_show_code=state.show_code,
        on_hide_code=state.hide_code,
        on_ask_to_forget=state.ask_to_forget,
    )
    return rx.fragment(
        rx.el.link(rel="stylesheet", href="/privacy.css", custom_attrs={"precedence": "default"}),
        rx.cond(
            state.is_ready,
            rx.el.div(
                offline_strip(is_offline, state.texts["offline"]),
                privacy_body(parts),
                guest_notice(NoticeState.sentence, NoticeState.tone, NoticeState.number),
                class_name="guest",
                custom_attrs={"data-live-menu": ""},
            ),
            rx.fragment(),
        ),
        live_marker(state.is_ready),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route="/menu/[slug]/privacy",
        title=PrivacyState.page_title,
        on_load=PrivacyState.live,
    )
