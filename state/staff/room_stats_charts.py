"""The charts of the room: day by day, and service by the hour."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.analytics.room_measures import value_text
from services.analytics.room_types import AreaFigures, RoomReport, ServiceHour
from services.base.texts import N_, day_text, translate
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.charts import ChartView, Series, chart_view


@dataclass(frozen=True)
class ServiceView:
    """Service by hour of one area, and where the time goes."""

    area_id: str
    name: str
    verdict: str
    chart: ChartView


def trend_chart(report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool) -> ChartView:
    """Revenue (or sittings) a day, beside the days before; long times by the week."""
    unit = "money" if with_money else "count"

    def values(days: Sequence[object]) -> list[float]:
        name = "revenue_minor" if with_money else "sitting_count"
        return [float(getattr(day, name)) for day in days]

    now, before = values(report.days), values(report.days_before)
    labels = [day_text(day.day, LANGUAGE) for day in report.days]
    if len(now) > 92:
        now, before, labels = _by_week(now), _by_week(before), labels[::7]
    name = translate(LANGUAGE, N_("Revenue") if with_money else N_("Sittings"))
    return chart_view(
        "line",
        summary=translate(
            LANGUAGE,
            N_("{name} from {first} to {last}, beside the time before."),
            name=name,
            first=labels[0],
            last=day_text(report.period.last_day, LANGUAGE),
        ),
        label_name=translate(LANGUAGE, N_("From")),
        labels=labels,
        series=[
            Series(name, now),
            Series(translate(LANGUAGE, N_("Before")), before, role="before"),
        ],
        text=lambda value: value_text(value, unit, currency=restaurant.currency, language=LANGUAGE),
    )


def _by_week(values: Sequence[float]) -> list[float]:
    return [sum(values[start : start + 7]) for start in range(0, len(values), 7)]


def service_views(report: RoomReport) -> list[ServiceView]:
    """Every area with timed orders."""
    return [_service(area) for area in report.areas if area.service]


def _service(area: AreaFigures) -> ServiceView:
    hours = [hour for hour in area.service if hour.order_count >= 3] or list(area.service)
    steps = (
        (N_("Waiting for the kitchen"), "accept_seconds"),
        (N_("Cooking"), "cook_seconds"),
        (N_("Carrying"), "carry_seconds"),
    )
    return ServiceView(
        area_id=str(area.id),
        name=area.name,
        verdict=_bottleneck(area, hours),
        chart=chart_view(
            "stack",
            summary=translate(
                LANGUAGE,
                N_("Minutes of waiting, cooking and carrying by the hour of the order, {area}."),
                area=area.name,
            ),
            label_name=translate(LANGUAGE, N_("Hour")),
            labels=[f"{hour.hour:02d}:00" for hour in hours],
            series=[
                Series(
                    translate(LANGUAGE, name),
                    [_minutes(getattr(hour, seconds)) for hour in hours],
                )
                for name, seconds in steps
            ],
            text=lambda value: "–" if value is None else f"{value:.1f} min",
        ),
    )


def _bottleneck(area: AreaFigures, hours: Sequence[ServiceHour]) -> str:
    """Where most of the time goes, and when it is longest; nothing is said of few orders."""
    whole = area.whole_service
    timed = [hour for hour in hours if hour.service_seconds is not None and hour.order_count >= 10]
    if whole.service_seconds is None or not timed:
        return translate(LANGUAGE, N_("Not enough data yet"))
    parts = {
        N_("waiting for the kitchen"): whole.accept_seconds or 0,
        N_("cooking"): whole.cook_seconds or 0,
        N_("carrying"): whole.carry_seconds or 0,
    }
    longest = max(parts, key=lambda name: parts[name])
    slowest = max(timed, key=lambda hour: hour.service_seconds or 0)
    return translate(
        LANGUAGE,
        N_("{minutes} min on average, most of it {step}. Slowest at {hour}:00: {slow} min."),
        minutes=f"{whole.service_seconds / 60:.1f}",
        step=translate(LANGUAGE, longest),
        hour=f"{slowest.hour:02d}",
        slow=f"{(slowest.service_seconds or 0) / 60:.1f}",
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 2)
