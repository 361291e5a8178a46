"""What others see of printed codes."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """One code in use. `address` is what it holds, absolute; the names are for people."""

    code_id: UUID
    address: str
    table_number: str = ""
    area_name: str = ""

    @property
    def file_stem(self) -> str:
        """A name for its file: letters and digits of any plain keyboard, as "table-12"."""
        source = f"table-{self.table_number}" if self.table_number else self.area_name
        plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in source or "menu")
        return "-".join(part for part in plain.split("-") if part).lower() or "code"
