"""What is true of the whole installation, whoever's restaurant it is."""

from datetime import datetime

from sqlmodel import Field

from models.columns import NamedTable


class KeyMark(NamedTable, table=True):
    """What tells the key of this database from every other, without telling the key."""

    __tablename__ = "key_marks"

    name: str = Field(primary_key=True, max_length=20)
    mark: str = Field(max_length=64)
    made_at: datetime
