"""Amounts follow their currency: two decimals, three, or none, and no cent is lost."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from services.analytics.room_measures import MEASURES
from services.analytics.room_types import Figures
from services.base.money import major, minor, places
from services.base.texts import money_text
from smartmenu.http import room_stats


@pytest.mark.parametrize(
    ("currency", "decimals", "amount"),
    [("EUR", 2, "12.50"), ("KWD", 3, "1.250"), ("BHD", 3, "1.250"), ("JPY", 0, "1250")],
)
def test_an_amount_has_the_decimals_of_its_currency(
    currency: str, decimals: int, amount: str
) -> None:
    assert places(currency) == decimals
    assert str(major(1250, currency)) == amount
    assert minor(Decimal(amount), currency) == 1250


def test_zero_and_less_than_zero() -> None:
    assert str(major(0, "EUR")) == "0.00"
    assert str(major(-5, "KWD")) == "-0.005"
    assert minor(Decimal("-0.005"), "KWD") == -5


def test_what_is_smaller_than_a_minor_unit_is_rounded() -> None:
    assert minor(Decimal("0.125"), "EUR") == 12
    assert minor(Decimal("0.135"), "EUR") == 14


def test_amounts_that_no_float_holds_are_written_exactly() -> None:
    assert money_text(2**53 + 1, "EUR", "en") == "€90,071,992,547,409.93"
    assert major(2**53 + 1, "EUR") == Decimal("90071992547409.93")


@pytest.mark.parametrize(
    ("currency", "cell"), [("EUR", "12.50"), ("KWD", "1.250"), ("JPY", "1250")]
)
def test_the_file_of_tables_holds_every_decimal(currency: str, cell: str) -> None:
    revenue = next(one for one in MEASURES if one.key == "revenue")
    told = replace(revenue, value=lambda _: 1250.2)
    assert str(room_stats._value(told, cast("Figures", None), currency)) == cell
