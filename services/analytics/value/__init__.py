"""What customers are worth: how often they come, when they stop, what they spend."""

from services.analytics.value.spend import SpendFit, fit_spend
from services.analytics.value.visits import VisitFit, fit_visits

__all__ = ["SpendFit", "VisitFit", "fit_spend", "fit_visits"]
