"""The CDNOW sample as the papers use it: weeks, calibration until 30 September 1997."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parents[1] / "data" / "cdnow" / "CDNOW_sample.txt"
CALIBRATION_END = date(1997, 9, 30)

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Customers:
    """Columns of the calibration, and in how many later weeks' days each customer came."""

    x: Column
    t_x: Column
    T: Column
    mean_spend: Column
    later: Column


@cache
def customers() -> Customers:
    """Several purchases on one day count once; spend is the mean over repeat days."""
    spent: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for line in FILE.read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        spent[customer][date(int(day[:4]), int(day[4:6]), int(day[6:]))] += float(dollars)
    rows = []
    for days in spent.values():
        known = sorted(day for day in days if day <= CALIBRATION_END)
        repeats = [days[day] for day in known[1:]]
        rows.append(
            (
                len(repeats),
                (known[-1] - known[0]).days / 7,
                (CALIBRATION_END - known[0]).days / 7,
                sum(repeats) / len(repeats) if repeats else 0.0,
                len(days) - len(known),
            )
        )
    columns = np.array(rows, dtype=np.float64).T
    return Customers(*columns)


def ranking(score: Column, happened: NDArray[np.bool_]) -> float:
    """AUC: how often somebody it happened to scores above somebody it did not; ties half."""
    from scipy.stats import rankdata

    ranks = rankdata(score)
    yes, no = int(happened.sum()), int((~happened).sum())
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))
