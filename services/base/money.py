"""Minor and major units of currencies: 1250 EUR are 12.50, 1250 KWD are 1.250, 1250 JPY 1250."""

from decimal import Decimal

from babel.numbers import get_currency_precision


def places(currency: str) -> int:
    """How many decimals a currency has, by CLDR: 2 for EUR, 3 for KWD, 0 for JPY."""
    return get_currency_precision(currency)


def major(amount_minor: int, currency: str) -> Decimal:
    """An exact amount in whole units, with all its decimals: 1250 EUR is `Decimal("12.50")`."""
    return Decimal(amount_minor).scaleb(-places(currency))


def minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount; what is smaller than one is rounded, halves to the even one."""
    return round(amount.scaleb(places(currency)))
