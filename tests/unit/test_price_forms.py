"""Amounts as people type them."""

import pytest

from services.base.errors import InvalidInputError
from services.base.texts import sentence
from services.menu.forms import parse_price


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("€ 12.50", 1250),
        ("€12,5", 1250),
        ("12,50 €", 1250),
        ("EUR 12.50", 1250),
        ("12.50eur", 1250),
        ("12", 1200),
        (" 0 ", 0),
        (".50", 50),
        ("0,05", 5),
        ("1.250,00", 125_000),
        ("1,250.00", 125_000),
        ("1 250,50", 125_050),
        ("1\u202f250,50", 125_050),
        ("1'250.50", 125_050),
        ("1.250", 125_000),
        ("100.000,00", 10_000_000),
        ("١٢٫٥٠", 1250),
        ("+3", 300),
    ],
)
def test_euros_are_read_as_people_write_them(typed: str, minor: int) -> None:
    assert parse_price(typed, currency="EUR") == minor


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,200", "JPY", 1200),
        ("¥850", "JPY", 850),
        ("1.250", "KWD", 1250),
        ("12.5", "KWD", 12_500),
        ("120 kr", "SEK", 12_000),
        ("95 kr.", "DKK", 9_500),
        ("$9.99", "USD", 999),
    ],
)
def test_decimals_follow_the_currency(typed: str, currency: str, minor: int) -> None:
    assert parse_price(typed, currency=currency) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abc",
        "€",
        "12,,5",
        "12.50.1",
        "1,2,3",
        "12 50",
        "1,50,000",
        "12.345,6,7",
        "$ 5",
        "1e3",
        "NaN",
        "Infinity",
        "²",
        "12,50 13",
        "1,250,00",
        "12,",
        "--5",
        "0x10",
        "12;50",
    ],
)
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_price(typed, currency="EUR")
    assert refusal.value.field == "price_minor"
    assert sentence("en", refusal.value) == "Write an amount like €12.50."


def test_the_example_has_the_decimals_of_the_currency() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_price("12.50", currency="JPY")
    assert sentence("en", refusal.value) == "Write an amount like ¥13."


def test_a_price_cannot_be_below_zero_but_a_difference_can() -> None:
    with pytest.raises(InvalidInputError, match=r"^An amount cannot be below zero\.$"):
        parse_price("-1,50", currency="EUR")
    assert parse_price("−1,50 €", currency="EUR", may_be_negative=True) == -150


def test_an_amount_above_the_limit_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"^This amount is too large\.$"):
        parse_price("100000,01", currency="EUR")
