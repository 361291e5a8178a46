"""What others see of printed codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.enums import CodeKind


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """One code in use. `address` is what it holds, absolute; the names are for people."""

    code_id: UUID
    address: str
    table_number: str = ""
    area_name: str = ""
    kind: CodeKind = CodeKind.TABLE
    code: str = ""
    label: str = ""

    @property
    def file_stem(self) -> str:
        """A name for its file: letters and digits of any plain keyboard, as "table-12"."""
        source = f"table-{self.table_number}" if self.table_number else self.label or self.area_name
        plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in source or "menu")
        return "-".join(part for part in plain.split("-") if part).lower() or "code"


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code in the list, in use or not.

    `scan_count` is since it was made, `recent_count` of the last 30 days. A code that is out of use
    was replaced by another or retired at `ended_at`.
    """

    code_id: UUID
    code: str
    kind: CodeKind
    table_number: str
    area_id: UUID | None
    area_name: str
    label: str
    category_name: str
    scan_count: int
    recent_count: int
    last_scan_at: datetime | None
    ended_at: datetime | None
    is_replaced: bool

    @property
    def can_be_restored(self) -> bool:
        """Retired, not replaced; a table's ends with its table."""
        return self.ended_at is not None and not self.is_replaced and self.kind != CodeKind.TABLE


@dataclass(frozen=True, slots=True)
class FoundCode:
    """What a printed code points at. A revoked one opens the menu and seats nobody."""

    code_id: UUID
    code: str
    kind: CodeKind
    table_id: UUID | None
    area_id: UUID | None
    table_number: str | None
    area_name: str | None
    is_retired: bool


@dataclass(frozen=True, slots=True)
class MadeCode:
    """A new code, and the one it takes over from."""

    code_id: UUID
    code: str
    kind: CodeKind
    table_id: UUID | None
    area_id: UUID | None
    replaced_code_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """New codes that took over. `entry_id` is the log entry that `undo_replacing` takes back."""

    made: tuple[MadeCode, ...]
    entry_id: UUID | None
