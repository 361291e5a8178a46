"""What a backup says about itself."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

MANIFEST = "manifest.json"
SQLITE_FILE = "database.sqlite"
DUMP_FILE = "database.dump"
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file
KEYS_FILE = "encryption.keys"
PICTURES = "pictures"


class Manifest(BaseModel):
    """The first member of a backup."""

    model_config = ConfigDict(frozen=True)

    format: int = 1
    made_at: datetime
    # "sqlite" or "postgresql": a backup goes back into the kind it came from.
    kind: str
    # Of the schema, as the migrations number it.
    revision: str
    has_secret: bool
    database_sha256: str
    # Rows of the tables an owner would miss first, counted in the copy itself where that is quick.
    orders: int | None = None
