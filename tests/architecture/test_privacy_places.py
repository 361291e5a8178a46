"""No table can hold something of a guest without a word on what erasing and exporting do to it."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

import models
from services.privacy.places import PLACES

assert models
# Its columns name other customers, and `erasing` treats it itself.
ERASED_BY_HAND = frozenset({"customers"})
# Tables that know of a visit, an order or a cart of somebody, and what becomes of them.
BY_VISIT = {
    "carts": "the note is emptied",
    "cart_lines": "the notes are emptied",
    "code_scans": "a visit of nobody",
    "consents": "parted from the visit",
    "customer_events": "searches are emptied",
    "customer_orders": "note, allergens and reason are emptied",
    "customer_rewards": "parted from its guest",
    "loyalty_points": "deleted with its guest",
    "order_deliveries": "deleted, once the order is done; after two weeks anyway",
    "order_lines": "the notes are emptied",
    "order_tokens": "parted from who sent it",
    "whatsapp_conversations": "deleted",
    "whatsapp_messages": "emptied, and parted from who wrote",
}
# Encrypted columns: all of them are emptied. A sender is the installation's and no restaurant's:
# nothing leads there from a guest who was forgotten.
ENCRYPTED = {
    "customers",
    "order_deliveries",
    "table_reservations",
    "waitlist_entries",
    "whatsapp_messages",
    "whatsapp_senders",
}


def _naming(target: str) -> set[tuple[str, str]]:
    # What is counted names its customer without a foreign key.
    named = {"customer_id"} if target == "customers" else set[str]()
    return {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name in named
        or any(key.column.table.name == target for key in column.foreign_keys)
    }


def test_every_column_that_names_a_customer_has_a_fate() -> None:
    known = {(place.name, place.owner) for place in PLACES}
    named = {(table, column) for table, column in _naming("customers")}
    assert {one for one in named if one[0] not in ERASED_BY_HAND} == known


@pytest.mark.parametrize("target", ["customer_visits", "customer_orders", "carts"])
def test_every_table_that_names_a_visit_or_order_is_known(target: str) -> None:
    assert {table for table, _ in _naming(target)} <= set(BY_VISIT)


def test_every_table_with_encrypted_columns_is_known() -> None:
    found = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if any(column.name.endswith("_encrypted") for column in table.columns)
    }
    assert found == ENCRYPTED


def test_what_erasing_writes_fits_the_columns() -> None:
    for place in PLACES:
        table = sa.inspect(place.table).local_table
        assert set(place.values) | {place.owner} <= set(table.c.keys()), place.name
