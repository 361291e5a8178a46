"""Pricing and steps of an order, for anything a menu and a guest can come up with."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.menu.types import OrderableDish, OrderableGroup, OrderableModifier, OrderableVariant
from services.ordering import rules
from services.ordering.errors import ModifierChoiceError, NoteTooLongError, QuantityError
from services.ordering.types import WantedLine
from services.restaurants.rules import contained_tax_minor

NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)


def modifier(delta: int) -> OrderableModifier:
    return OrderableModifier(uuid4(), "Olives", delta, (), is_sold_out=False, is_active=True)


def dish(
    price: int,
    *,
    variants: tuple[OrderableVariant, ...] = (),
    groups: tuple[OrderableGroup, ...] = (),
) -> OrderableDish:
    return OrderableDish(
        id=UUID(int=1),
        restaurant_id=UUID(int=2),
        category_id=UUID(int=3),
        name="Margherita",
        price_minor=price,
        cost_minor=None,
        allergens=(),
        is_sold_out=False,
        sold_out_until_at=None,
        hours=(),
        category_hours=(),
        is_active=True,
        variants=variants,
        groups=groups,
    )


prices = st.integers(0, 10**7)
deltas = st.lists(st.integers(-500, 500), max_size=8)


@given(prices, deltas, st.integers(1, 99))
def test_a_line_costs_its_parts_times_its_quantity_and_never_less_than_nothing(
    price: int, changes: list[int], quantity: int
) -> None:
    modifiers = tuple(modifier(change) for change in changes)
    group = OrderableGroup(uuid4(), "Extras", 0, 8, modifiers)
    wanted = WantedLine(UUID(int=1), quantity, None, tuple(one.id for one in modifiers))

    line = rules.price_line(dish(price, groups=(group,) if modifiers else ()), wanted)

    assert line.unit_price_minor == max(0, price + sum(changes))
    assert line.line_total_minor == quantity * line.unit_price_minor
    assert [one.price_delta_minor for one in line.modifiers] == changes


@given(st.permutations(range(5)), prices)
def test_the_order_of_answers_changes_neither_price_nor_ticket(
    order: list[int], price: int
) -> None:
    modifiers = tuple(modifier(n * 10) for n in range(5))
    pizza = dish(price, groups=(OrderableGroup(uuid4(), "Extras", 0, 5, modifiers),))
    straight = WantedLine(pizza.id, 1, None, tuple(one.id for one in modifiers))
    shuffled = WantedLine(pizza.id, 1, None, tuple(modifiers[n].id for n in order))

    assert rules.price_line(pizza, shuffled) == rules.price_line(pizza, straight)
    assert rules.request_hash([shuffled], "") == rules.request_hash([straight], "")


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 6))
def test_a_group_takes_exactly_as_many_answers_as_it_says(low: int, extra: int, count: int) -> None:
    modifiers = tuple(modifier(0) for _ in range(6))
    pizza = dish(100, groups=(OrderableGroup(uuid4(), "Side", low, low + extra, modifiers),))
    wanted = WantedLine(pizza.id, 1, None, tuple(one.id for one in modifiers[:count]))

    if low <= count <= low + extra:
        assert len(rules.price_line(pizza, wanted).modifiers) == count
    else:
        with pytest.raises(ModifierChoiceError):
            rules.price_line(pizza, wanted)


@given(st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none()))
def test_a_quantity_is_a_whole_number_from_1_to_99(value: object) -> None:
    if type(value) is int and 1 <= value <= 99:
        assert rules.checked_quantity(value) == value
    else:
        with pytest.raises(QuantityError):
            rules.checked_quantity(value)


@given(st.text(max_size=400))
def test_a_note_is_one_printable_line_within_its_limit(text: str) -> None:
    try:
        note = rules.checked_note(text, limit=200)
    except NoteTooLongError:
        assert len(text) > 200
    else:
        assert len(note) <= 200
        assert note.isprintable()
        assert rules.checked_note(note, limit=200) == note


@given(st.integers(0, 10**9), st.integers(0, 5000))
def test_the_tax_is_contained_in_the_total(total: int, rate: int) -> None:
    tax = contained_tax_minor(total, rate)
    net = total - tax

    assert 0 <= tax <= total
    # Within half a minor unit: tax = rate x net.
    assert abs(net * rate / 10_000 - tax) <= 0.5 * (1 + rate / 10_000) + 1e-6


def test_only_these_steps_are_allowed() -> None:
    allowed = {
        (before.value, after.value)
        for after, sources in rules.COMES_FROM.items()
        for before in sources
    }

    assert allowed == {
        ("pending", "preparing"),
        ("pending", "declined"),
        ("pending", "cancelled"),
        ("preparing", "ready"),
        ("preparing", "served"),
        ("preparing", "cancelled"),
        ("ready", "served"),
        ("ready", "completed"),
        ("ready", "cancelled"),
        ("served", "completed"),
        ("served", "cancelled"),
    }
