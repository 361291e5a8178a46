"""reservations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "reservation_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("guests_may_book", sa.Boolean(), nullable=False),
        sa.Column("guests_may_queue", sa.Boolean(), nullable=False),
        sa.Column("smallest_party", sa.Integer(), nullable=False),
        sa.Column("largest_party", sa.Integer(), nullable=False),
        sa.Column("minutes_for_two", sa.Integer(), nullable=False),
        sa.Column("minutes_for_four", sa.Integer(), nullable=False),
        sa.Column("minutes_for_more", sa.Integer(), nullable=False),
        sa.Column("step_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("most_days_ahead", sa.Integer(), nullable=False),
        sa.Column("last_booking_minutes", sa.Integer(), nullable=False),
        sa.Column("most_guests_per_step", sa.Integer(), nullable=False),
        sa.Column("may_join_tables", sa.Boolean(), nullable=False),
        sa.Column("ahead_minutes", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("reminder_hours", sa.Integer(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_reservation_settings_restaurant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_settings")),
        sa.UniqueConstraint("restaurant_id", name=op.f("uq_reservation_settings_restaurant_id")),
    )
    op.create_table(
        "special_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_special_days_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_days")),
        sa.UniqueConstraint("restaurant_id", "day", name=op.f("uq_special_days_restaurant_id_day")),
    )
    op.create_table(
        "table_reservations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column(
            "joined_table_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("reservation_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("reservation_name_encrypted", sa.String(length=400), nullable=True),
        sa.Column("phone_number_encrypted", sa.String(length=300), nullable=True),
        sa.Column("email_encrypted", sa.String(length=600), nullable=True),
        sa.Column("special_requests_encrypted", sa.String(length=3000), nullable=True),
        sa.Column("booked_by_hash", sa.String(length=64), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("submit_key", sa.String(length=64), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > reservation_at", name=op.f("ck_table_reservations_ends_at")),
        sa.CheckConstraint("party_size >= 1", name=op.f("ck_table_reservations_party_size")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_table_reservations_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_table_reservations_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_table_reservations_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_table_reservations_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_reservations")),
        sa.UniqueConstraint(
            "restaurant_id",
            "submit_key",
            name=op.f("uq_table_reservations_restaurant_id_submit_key"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_table_reservations_token_hash")),
    )
    op.create_index(
        op.f("ix_table_reservations_customer_id"),
        "table_reservations",
        ["customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_table_reservations_restaurant_id_booked_by_hash"),
        "table_reservations",
        ["restaurant_id", "booked_by_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_table_reservations_restaurant_id_reservation_at"),
        "table_reservations",
        ["restaurant_id", "reservation_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_table_reservations_restaurant_id_status_ends_at"),
        "table_reservations",
        ["restaurant_id", "status", "ends_at"],
        unique=False,
    )
    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quoted_low_minutes", sa.Integer(), nullable=True),
        sa.Column("quoted_high_minutes", sa.Integer(), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("name_encrypted", sa.String(length=400), nullable=True),
        sa.Column("phone_number_encrypted", sa.String(length=300), nullable=True),
        sa.Column("booked_by_hash", sa.String(length=64), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("submit_key", sa.String(length=64), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("party_size >= 1", name=op.f("ck_waitlist_entries_party_size")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_waitlist_entries_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_waitlist_entries_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_waitlist_entries_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
        sa.UniqueConstraint(
            "restaurant_id", "submit_key", name=op.f("uq_waitlist_entries_restaurant_id_submit_key")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_waitlist_entries_token_hash")),
    )
    op.create_index(
        op.f("ix_waitlist_entries_restaurant_id_booked_by_hash"),
        "waitlist_entries",
        ["restaurant_id", "booked_by_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_waitlist_entries_restaurant_id_status_joined_at"),
        "waitlist_entries",
        ["restaurant_id", "status", "joined_at"],
        unique=False,
    )
    op.create_table(
        "reservation_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["table_reservations.id"],
            name=op.f("fk_reservation_slots_reservation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_reservation_slots_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_reservation_slots_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_slots")),
        sa.UniqueConstraint(
            "table_id", "slot_at", name=op.f("uq_reservation_slots_table_id_slot_at")
        ),
    )
    op.create_index(
        op.f("ix_reservation_slots_reservation_id"),
        "reservation_slots",
        ["reservation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reservation_slots_restaurant_id_slot_at"),
        "reservation_slots",
        ["restaurant_id", "slot_at"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        op.f("ix_reservation_slots_restaurant_id_slot_at"), table_name="reservation_slots"
    )
    op.drop_index(op.f("ix_reservation_slots_reservation_id"), table_name="reservation_slots")
    op.drop_table("reservation_slots")
    op.drop_index(
        op.f("ix_waitlist_entries_restaurant_id_status_joined_at"), table_name="waitlist_entries"
    )
    op.drop_index(
        op.f("ix_waitlist_entries_restaurant_id_booked_by_hash"), table_name="waitlist_entries"
    )
    op.drop_table("waitlist_entries")
    op.drop_index(
        op.f("ix_table_reservations_restaurant_id_status_ends_at"), table_name="table_reservations"
    )
    op.drop_index(
        op.f("ix_table_reservations_restaurant_id_reservation_at"), table_name="table_reservations"
    )
    op.drop_index(
        op.f("ix_table_reservations_restaurant_id_booked_by_hash"), table_name="table_reservations"
    )
    op.drop_index(op.f("ix_table_reservations_customer_id"), table_name="table_reservations")
    op.drop_table("table_reservations")
    op.drop_table("special_days")
    op.drop_table("reservation_settings")
