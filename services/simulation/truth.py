"""What was behind the simulated data: the oracle that models are held against."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import orjson

from services.base.settings import settings
from services.simulation import guests
from services.simulation.branches import Branch
from services.simulation.calendar import (
    EVE_FACTOR,
    HOLIDAY_FACTOR,
    SEASON_PEAK_DAY,
    SEASON_SWING,
    WARM_CELSIUS,
    WARM_FACTOR,
    WEEKDAY_FACTORS,
    WET_FACTOR,
    Calendar,
)
from services.simulation.guests import DIETS, Guest
from services.simulation.rows import dashed
from services.simulation.stage import Stage

FILE_NAME = "demo-truth.json.gz"


def truth_file(number: int = 1) -> Path:
    """Where the hidden parameters of one restaurant of the demo are kept."""
    name = FILE_NAME if number == 1 else FILE_NAME.replace(".", f"-{number}.", 1)
    return settings().data_folder / name


def write_truth(
    stage: Stage, people: Iterable[Guest], *, calendar: Calendar, branch: Branch
) -> None:
    """Write every guest's hidden parameters beside the data, one after the other.

    {"seed", "first_day", "last_day", "model": {...}, "days": [...], "categories": [...],
    "guests": [...]}; guests who were never remembered have no `customer_id`. Rates are visits a
    week, spend is minor units a head; `load` is how busy a day is beside the mean of all.
    """
    head = {
        "seed": branch.seed,
        "first_day": str(calendar.days[0]),
        "last_day": str(calendar.days[-1]),
        "restaurant_id": dashed(stage.restaurant_id),
        "model": {
            "visits": "MBG/NBD",
            "r": guests.RATE_SHAPE,
            "alpha_weeks": guests.RATE_WEEKS,
            "a": guests.DROP_A,
            "b": guests.DROP_B,
            "p": guests.SPEND_P,
            "q": guests.SPEND_Q,
            "gamma_minor": guests.SPEND_GAMMA_MINOR,
            "declined_ratio": guests.DECLINED_RATIO,
            "weekday_factors": WEEKDAY_FACTORS,
            "season_swing": SEASON_SWING,
            "season_peak_day": SEASON_PEAK_DAY,
            "holiday_factor": HOLIDAY_FACTOR,
            "eve_factor": EVE_FACTOR,
            "wet_factor": WET_FACTOR,
            "warm_factor": WARM_FACTOR,
            "warm_celsius": WARM_CELSIUS,
        },
        "days": [
            {
                "day": str(day),
                "load": round(after - before, 5),
                "holiday": calendar.holidays.get(day),
                "highest_celsius": sky.highest_celsius,
                "rain_mm": sky.rain_mm,
            }
            for day, sky, before, after in zip(
                calendar.days,
                calendar.weather,
                calendar.load_by_day,
                calendar.load_by_day[1:],
                strict=False,
            )
        ],
        "categories": list(stage.category_keys),
    }
    path = truth_file(branch.number)
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime 0: the same seed gives the same bytes.
    with (
        path.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=5, mtime=0) as out,
    ):
        out.write(orjson.dumps(head)[:-1] + b',"guests":[')
        for place, guest in enumerate(people):
            out.write((b",\n" if place else b"\n") + orjson.dumps(_hidden(stage, guest)))
        out.write(b"\n]}\n")


def _hidden(stage: Stage, guest: Guest) -> dict[str, object]:
    return {
        "customer_id": dashed(guest.customer_id) if guest.customer_id else None,
        "alias": guest.alias,
        "consent": guest.consent,
        "acquired_day": guest.acquired_day,
        "visits_a_week": round(guest.visits_a_week, 5),
        "drop_chance": round(guest.drop_chance, 5),
        "stopped_after_visit": guest.stopped_after_visit,
        "visit_count": guest.visit_count,
        "spend_a_head_minor": round(guest.spend_a_head_minor),
        "category_weights": [round(weight, 3) for weight in guest.category_weights],
        "favourites": [stage.dishes[number].key for number in guest.favourites if number >= 0],
        "habit_strength": round(guest.habit_strength, 3),
        "diet": DIETS[guest.diet],
        "daypart_weights": [round(weight, 3) for weight in guest.daypart_weights],
        "weekday_habit": guest.weekday_habit,
        "party_mean": guest.party_mean,
        "area": stage.areas[guest.area].key,
        "table": stage.tables[guest.table].label,
        "table_loyalty": round(guest.table_loyalty, 3),
        "depth": round(guest.depth, 3),
        "language": guest.language,
        "allergen": guest.allergen,
    }
