"""Screens and their routes. A page that is not listed here does not exist for Reflex."""

from collections.abc import Callable

import reflex as rx

from pages.guest import booked as guest_booked
from pages.guest import menu as guest_menu
from pages.guest import orders as guest_orders
from pages.guest import privacy as guest_privacy
from pages.staff import (
    codes,
    customers,
    floor,
    floor_editor,
    guest_data,
    login,
    loyalty_verify,
    menu,
    messages,
    missing,
    night,
    orders,
    platform_whatsapp,
    privacy_rules,
    programme,
    replay,
    reports,
    reservation_rules,
    reservations,
    restaurants,
    rewards,
    room_stats,
    segments,
    settings,
    tables,
    team,
)

# Each module registers its own routes; tests compare this list with the folder.
MODULES: tuple[Callable[[rx.App], None], ...] = (
    guest_booked.register,
    guest_menu.register,
    guest_orders.register,
    guest_privacy.register,
    codes.register,
    customers.register,
    floor.register,
    floor_editor.register,
    guest_data.register,
    login.register,
    loyalty_verify.register,
    menu.register,
    messages.register,
    missing.register,
    night.register,
    orders.register,
    platform_whatsapp.register,
    privacy_rules.register,
    programme.register,
    reservation_rules.register,
    reservations.register,
    replay.register,
    reports.register,
    restaurants.register,
    rewards.register,
    room_stats.register,
    segments.register,
    settings.register,
    tables.register,
    team.register,
)


def add_all(app: rx.App) -> None:
    """Register every page with the app."""
    for register in MODULES:
        register(app)
