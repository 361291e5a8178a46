"""People who log in: users, their role in a restaurant, their sessions."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import Row, TenantRow


class User(Row, table=True):
    """Somebody who logs in. The e-mail address is stored in lower case."""

    __tablename__ = "users"

    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=80)
    password_hash: str = Field(max_length=255)
    is_active: bool = Field(default=True)
    # Runs the installation and its WhatsApp number; given by the command line alone.
    is_operator: bool = Field(default=False)
    last_login_at: datetime | None = None


class Membership(TenantRow, table=True):
    """One user's role in one restaurant; a chain's owner has several."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "user_id"),
        sa.Index(None, "user_id"),
    )

    user_id: UUID = Field(foreign_key="users.id")
    role: str = Field(max_length=10)


class UserSession(TenantRow, table=True):
    """A log-in. Only the SHA-256 of the cookie's value is stored."""

    __tablename__ = "user_sessions"
    __table_args__ = (sa.Index(None, "user_id"),)

    user_id: UUID = Field(foreign_key="users.id")
    token_hash: str = Field(unique=True, max_length=64)
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class RateLimit(Row, table=True):
    """How often something was tried within one window; the key is a hash, never an address."""

    __tablename__ = "rate_limits"

    key_hash: str = Field(unique=True, max_length=64)
    window_ends_at: datetime = Field(index=True)
    count: int
