"""Column types and the id that every table shares."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

# JSON only for what is really free-form; JSONB on PostgreSQL so that it can be searched.
JSON_TYPE = sa.JSON().with_variant(JSONB(), "postgresql")

# Constraint names are stated, not left to the database: migrations must find them again on both
# databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made, so that indexes grow at their end."""
    return uuid7()


def json_field(default: type[list[Any]] | type[dict[str, Any]]) -> Any:  # noqa: ANN401 - a pydantic FieldInfo
    """A JSON column whose empty value is `default()`."""
    return Field(default_factory=default, sa_type=JSON_TYPE, nullable=False)


def _now() -> datetime:
    return datetime.now(UTC)


class NamedTable(SQLModel):
    """What every table is: it states its own name."""

    if TYPE_CHECKING:
        # SQLModel declares a descriptor here, which a plain name would not fit.
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]


class Row(NamedTable):
    """The id and the moment of creation (aware UTC) of every row."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(default_factory=_now, nullable=False)


class TenantRow(Row):
    """A row of one restaurant. Every query names the restaurant; every index begins with it."""

    restaurant_id: UUID = Field(foreign_key="restaurants.id", nullable=False)
