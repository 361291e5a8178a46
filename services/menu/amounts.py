"""Amounts as a form shows them before somebody types."""

from services.base.money import major


def amount_text(amount_minor: int | None, currency: str) -> str:
    """An amount without its currency, "12.50" for 1250 EUR; an empty string for none.

    `forms.parse_price` reads it back to the same amount.
    """
    if amount_minor is None:
        return ""
    return str(major(amount_minor, currency))
