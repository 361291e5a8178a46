"""What others see of a restaurant."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from models.enums import ConsentMode


@dataclass(frozen=True, slots=True)
class RestaurantInfo:
    """A restaurant's settings, read once a request.

    Opening hours as stored, {"mon": [["12:00", "23:00"]]}, and those of days that differ, by date.
    `hours.hours_of` reads both.
    """

    id: UUID
    slug: str
    name: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    opening_hours: dict[str, list[list[str]]]
    special_hours: dict[str, list[list[str]]]
    day_cutoff: time
    tax_rate_basis_points: int
    brand_color: str
    brand_tokens: dict[str, dict[str, str]]
    logo_file: str | None
    menu_version: int
    ordering_paused: bool
    consent_mode: ConsentMode
    fingerprint_enabled: bool
    uses_cleaning: bool
    idle_release_minutes: int
    ticket_soon_minutes: int
    ticket_late_minutes: int
    is_demo: bool
