"""What is stored: SQLModel tables, enums and column types.

Importing this package registers every table on `SQLModel.metadata`, which migrations compare with
the database.
"""

from models import (
    accounts,
    bulk,
    customers,
    events,
    identity,
    insights,
    installation,
    journal,
    layouts,
    loyalty,
    menu,
    ordering,
    predictions,
    privacy,
    profiles,
    reservations,
    restaurants,
    rollups,
    sales,
    seating,
    segments,
    visits,
    whatsapp,
)

__all__ = [
    "accounts",
    "bulk",
    "customers",
    "events",
    "identity",
    "insights",
    "installation",
    "journal",
    "layouts",
    "loyalty",
    "menu",
    "ordering",
    "predictions",
    "privacy",
    "profiles",
    "reservations",
    "restaurants",
    "rollups",
    "sales",
    "seating",
    "segments",
    "visits",
    "whatsapp",
]
