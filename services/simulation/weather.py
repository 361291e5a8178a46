"""Made-up weather of the demo's city, close to what Madrid has: docs/algorithms/simulation.md."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

# Month by month: mean of the day's highest temperature (°C) and days with rain, AEMET 1981-2010.
HIGHEST = (9.8, 12.0, 16.3, 18.2, 22.2, 28.2, 32.1, 31.3, 26.4, 19.4, 13.5, 10.0)
RAIN_DAYS = (6.2, 5.4, 4.9, 7.1, 7.4, 3.5, 1.5, 1.5, 3.2, 6.7, 6.8, 7.1)
# A warm day follows a warm one: first-order autoregression of what is left after the season.
WARMTH_MEMORY, WARMTH_SPREAD = 0.75, 2.2
# Rain after rain is this much likelier than after a dry day.
RAIN_MEMORY = 2.2
RAIN_MEAN_MM = 6.5


@dataclass(frozen=True, slots=True)
class Weather:
    """One day: highest temperature in °C, rain in mm."""

    highest_celsius: float
    rain_mm: float

    @property
    def is_wet(self) -> bool:
        """More than a drizzle."""
        return self.rain_mm >= 1.0


def draw_weather(rng: Random, days: Sequence[date]) -> list[Weather]:
    """Weather for consecutive days."""
    made: list[Weather] = []
    warmer, was_wet = rng.gauss(0, WARMTH_SPREAD), False
    innovation = WARMTH_SPREAD * math.sqrt(1 - WARMTH_MEMORY**2)
    for day in days:
        warmer = WARMTH_MEMORY * warmer + rng.gauss(0, innovation)
        mean = _within(HIGHEST, day)
        share = _within(RAIN_DAYS, day) / 30.4
        # So that the share of wet days stays what it is.
        after_dry = share / (1 - share + RAIN_MEMORY * share)
        wet = rng.random() < after_dry * (RAIN_MEMORY if was_wet else 1.0)
        rain = 1.0 + rng.expovariate(1 / (RAIN_MEAN_MM - 1.0)) if wet else 0.0
        was_wet = wet
        made.append(Weather(round(mean + warmer - (3.0 if wet else 0.0), 1), round(rain, 1)))
    return made


def _within(by_month: Sequence[float], day: date) -> float:
    """A monthly mean on one day, the means standing in the middle of the months."""
    place = day.month - 1 + (day.day - 15) / 30.4
    before = math.floor(place)
    share = place - before
    return by_month[before % 12] * (1 - share) + by_month[(before + 1) % 12] * share
