"""What the models page shows: fits with their history, results, and what to keep in mind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.predictions import ModelFit
from services.analytics import results
from services.analytics.results import Kind, Result

# Nights of both value models that are looked at for drift.
NIGHTS = 35
DRIFT_DAYS = 28
DRIFT = 0.2
# Expected visits of a quarter beside what came.
OFF = 0.2
COVERAGE = (0.7, 0.9)
STALE = timedelta(days=2)
PAGE_KINDS = (Kind.DEMAND, Kind.SEASON, Kind.MENU, Kind.BASKETS, Kind.SUGGESTIONS, Kind.GROUPS,
              Kind.PROOF, Kind.COHORTS_MONTH)  # fmt: skip


class Warn(StrEnum):
    """What to keep in mind of the models."""

    NO_NIGHT = "no_night"
    STALE = "stale"
    FEW_GUESTS = "few_guests"
    BOUNDARY = "boundary"
    NOT_CONVERGED = "not_converged"
    DRIFT = "drift"
    OFF = "off"
    WORSE_VALUE = "worse_value"
    FEW_DAYS = "few_days"
    WORSE_DEMAND = "worse_demand"
    COVERAGE = "coverage"
    NO_GROUPS = "no_groups"
    FEW_BASKETS = "few_baskets"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to keep in mind, with its numbers."""

    what: Warn
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """Everything the page shows.

    Attributes:
        fits: the latest of each kind, "visits" and "spend".
        before: of about four weeks earlier.
        found: last night's results.
        warnings: the gravest first.
    """

    fits: Mapping[str, ModelFit]
    before: Mapping[str, ModelFit]
    found: Mapping[Kind, Result]
    warnings: tuple[Caution, ...]


async def load_models(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> ModelsPage:
    """Read the page from rows; nothing is computed from guests."""
    rows = list(
        await session.scalars(
            sa.select(ModelFit)
            .where(col(ModelFit.restaurant_id) == restaurant_id)
            .order_by(col(ModelFit.data_until).desc())
            .limit(2 * NIGHTS)
        )
    )
    fits: dict[str, ModelFit] = {}
    before: dict[str, ModelFit] = {}
    for row in rows:
        fits.setdefault(row.kind, row)
        if row.data_until <= fits[row.kind].data_until - timedelta(days=DRIFT_DAYS):
            before.setdefault(row.kind, row)
    found = await results.load(session, restaurant_id=restaurant_id, kinds=PAGE_KINDS)
    return ModelsPage(fits, before, found, tuple(warnings(fits, before, found, now=now)))


def warnings(
    fits: Mapping[str, ModelFit],
    before: Mapping[str, ModelFit],
    found: Mapping[Kind, Result],
    *,
    now: datetime,
) -> Iterator[Caution]:
    """What to keep in mind, the gravest first."""
    if not fits and not found:
        yield Caution(Warn.NO_NIGHT)
        return
    moments = [row.fitted_at for row in fits.values()]
    moments += [one.calculated_at for one in found.values()]
    if now - max(moments) > STALE:
        yield Caution(Warn.STALE, {"days": (now - max(moments)).days})
    yield from _of_visits(fits.get("visits"), before.get("visits"))
    yield from _of_proof(found.get(Kind.PROOF))
    yield from _of_demand(found.get(Kind.DEMAND))
    groups, baskets = found.get(Kind.GROUPS), found.get(Kind.SUGGESTIONS)
    if groups is not None and not groups.is_enough:
        yield Caution(Warn.NO_GROUPS, {"count": groups.learnt_from["customers"]})
    if baskets is not None and not baskets.is_enough:
        yield Caution(Warn.FEW_BASKETS, {"count": baskets.learnt_from["baskets"]})


def _of_visits(fit: ModelFit | None, before: ModelFit | None) -> Iterator[Caution]:
    if fit is None:
        return
    if not fit.is_enough:
        yield Caution(Warn.FEW_GUESTS, {"count": fit.customer_count, "again": fit.repeater_count})
        return
    if not fit.converged:
        yield Caution(Warn.NOT_CONVERGED)
    elif not fit.standard_errors:
        yield Caution(Warn.BOUNDARY)
    if before is not None and before.is_enough:
        now, then = visits_a_week(fit.params), visits_a_week(before.params)
        if then and abs(now / then - 1) > DRIFT:
            facts = {"now": round(now, 2), "before": round(then, 2)}
            yield Caution(Warn.DRIFT, facts)


def visits_a_week(params: Mapping[str, float]) -> float:
    """Mean rate of visits while somebody still comes: r / alpha."""
    return params["r"] / params["alpha"] if params.get("alpha") else 0.0


def _of_proof(proof: Result | None) -> Iterator[Caution]:
    if proof is None or not proof.is_enough:
        return
    told = proof.result
    if told["actual"] and abs(told["expected"] / told["actual"] - 1) > OFF:
        yield Caution(
            Warn.OFF, {"expected": round(told["expected"]), "actual": round(told["actual"])}
        )
    if told["error"] > min(told["error_last"], told["error_mean"]):
        yield Caution(Warn.WORSE_VALUE)


def _of_demand(demand: Result | None) -> Iterator[Caution]:
    if demand is None:
        return
    if not demand.is_enough:
        yield Caution(Warn.FEW_DAYS, {"count": demand.learnt_from["open_days"]})
        return
    orders = demand.result["metrics"]["orders"]
    if orders["mase"] is not None and orders["mase"] >= 1:
        yield Caution(Warn.WORSE_DEMAND)
    coverage = orders["coverage"]
    if coverage is not None and not COVERAGE[0] <= coverage <= COVERAGE[1]:
        yield Caution(Warn.COVERAGE, {"percent": round(100 * coverage)})
