"""Columns of numbers as models take them, checked once at the door."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.analytics.errors import (
    FirstVisitError,
    FutureVisitError,
    NegativeError,
    NotANumberError,
    NotWholeError,
    UnequalLengthsError,
)

Floats = NDArray[np.float64]
# A customer's last visit may lie this far after the end of the data: weeks are days by seven, and
# 38.857142857142854 is not always 272 / 7 on the other side of a file.
ROUNDING = 1e-9


def numbers(values: ArrayLike, field: str) -> Floats:
    """Finite numbers.

    Raises:
        NotANumberError: one is missing, infinite or a word.
    """
    try:
        array: Any = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotANumberError(field) from error
    if not np.isfinite(array).all():
        raise NotANumberError(field)
    return array


def sizes(values: ArrayLike, field: str) -> Floats:
    """Finite numbers that are not below zero."""
    array = numbers(values, field)
    if (array < 0).any():
        raise NegativeError(field)
    return array


def counts(values: ArrayLike, field: str) -> Floats:
    """Whole numbers that are not below zero."""
    array = sizes(values, field)
    if (array % 1 != 0).any():
        raise NotWholeError(field)
    return array


def same_length(*columns: tuple[str, Floats]) -> None:
    """Refuse columns of one table that have different numbers of rows, or are no columns."""
    first = columns[0][1]
    for field, column in columns:
        if column.ndim != 1 or column.shape != first.shape:
            raise UnequalLengthsError(field)


def histories(
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """Visits of customers in the letters of the papers.

    Args:
        x: days with a visit after the first.
        t_x: time from the first to the last; 0 where x is 0.
        T: time from the first to the end of the data.

    Raises:
        FutureVisitError: a last visit lies after the end of the data.
        FirstVisitError: x is 0 and t_x is not.
    """
    repeats, last, whole = counts(x, "x"), sizes(t_x, "t_x"), sizes(T, "T")
    try:
        np.broadcast_shapes(repeats.shape, last.shape, whole.shape)
    except ValueError as error:
        raise UnequalLengthsError("t_x") from error
    if (last > whole * (1 + ROUNDING) + ROUNDING).any():
        raise FutureVisitError("t_x")
    if ((repeats == 0) & (last > 0)).any():
        raise FirstVisitError("t_x")
    return repeats, np.minimum(last, whole), whole


def table(
    x: ArrayLike,
    t_x: ArrayLike,
    T: ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """The same as columns of one table: a row a customer.

    Raises:
        UnequalLengthsError: one of them has another number of rows.
    """
    same_length(("x", counts(x, "x")), ("t_x", sizes(t_x, "t_x")), ("T", sizes(T, "T")))
    return histories(x, t_x, T)
