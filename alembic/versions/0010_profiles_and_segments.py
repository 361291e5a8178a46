"""customers: profiles, preferences, segments; tags and notes as rows of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "customer_segments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=True),
        sa.Column("segment_name", sa.String(length=80), nullable=False),
        sa.Column("segment_type", sa.String(length=12), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column(
            "criteria", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_count", sa.Integer(), nullable=False),
        sa.Column("last_calculated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["users.id"],
            name=op.f("fk_customer_segments_created_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_segments_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_segments")),
        sa.UniqueConstraint(
            "restaurant_id", "key", name=op.f("uq_customer_segments_restaurant_id_key")
        ),
    )
    op.create_table(
        "customer_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column(
            "criteria", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("search", sa.String(length=100), nullable=False),
        sa.Column(
            "columns", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("sort", sa.String(length=30), nullable=False),
        sa.Column("is_descending", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_views_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_customer_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_views")),
    )
    op.create_index(
        op.f("ix_customer_views_restaurant_id_user_id"),
        "customer_views",
        ["restaurant_id", "user_id"],
        unique=False,
    )

    op.create_table(
        "profile_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_high_seconds", sa.Integer(), nullable=False),
        sa.Column("engagement_high_interactions", sa.Integer(), nullable=False),
        sa.Column("engagement_low_seconds", sa.Integer(), nullable=False),
        sa.Column("engagement_low_interactions", sa.Integer(), nullable=False),
        sa.Column(
            "borders", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("customer_count", sa.Integer(), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_profile_settings_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_settings")),
        sa.UniqueConstraint("restaurant_id", name=op.f("uq_profile_settings_restaurant_id")),
    )
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "history", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_customer_notes_author_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_notes_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_notes_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_notes")),
    )
    op.create_index(
        op.f("ix_customer_notes_customer_id_created_at"),
        "customer_notes",
        ["customer_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_notes_restaurant_id_created_at"),
        "customer_notes",
        ["restaurant_id", "created_at"],
        unique=False,
    )

    op.create_table(
        "customer_preferences",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("preference_type", sa.String(length=12), nullable=False),
        sa.Column("preference_value", sa.String(length=40), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("preference_strength", sa.Float(), nullable=False),
        sa.Column("is_stated", sa.Boolean(), nullable=False),
        sa.Column("observation_count", sa.Integer(), nullable=False),
        sa.Column("first_observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_preferences_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_customer_preferences_restaurant_id"),
        ),
        sa.PrimaryKeyConstraint(
            "customer_id",
            "preference_type",
            "preference_value",
            name=op.f("pk_customer_preferences"),
        ),
    )
    op.create_table(
        "customer_profiles",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("consent_level", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("status_rank", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total_visits", sa.Integer(), nullable=False),
        sa.Column("visit_days", sa.Integer(), nullable=False),
        sa.Column("first_visit_day", sa.Date(), nullable=True),
        sa.Column("last_visit_day", sa.Date(), nullable=True),
        sa.Column("mean_gap_days", sa.Float(), nullable=True),
        sa.Column("rhythm_days", sa.Float(), nullable=False),
        sa.Column("short_gaps", sa.Integer(), nullable=False),
        sa.Column("visits_monday", sa.Integer(), nullable=False),
        sa.Column("visits_tuesday", sa.Integer(), nullable=False),
        sa.Column("visits_wednesday", sa.Integer(), nullable=False),
        sa.Column("visits_thursday", sa.Integer(), nullable=False),
        sa.Column("visits_friday", sa.Integer(), nullable=False),
        sa.Column("visits_saturday", sa.Integer(), nullable=False),
        sa.Column("visits_sunday", sa.Integer(), nullable=False),
        sa.Column("visits_early", sa.Integer(), nullable=False),
        sa.Column("visits_lunch", sa.Integer(), nullable=False),
        sa.Column("visits_afternoon", sa.Integer(), nullable=False),
        sa.Column("visits_dinner", sa.Integer(), nullable=False),
        sa.Column("visits_late", sa.Integer(), nullable=False),
        sa.Column("usual_weekday", sa.Integer(), nullable=True),
        sa.Column("usual_daypart", sa.String(length=10), nullable=False),
        sa.Column("usual_minute", sa.Integer(), nullable=True),
        sa.Column(
            "when_counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("total_orders", sa.Integer(), nullable=False),
        sa.Column("total_spent_minor", sa.Integer(), nullable=False),
        sa.Column("average_order_minor", sa.Integer(), nullable=False),
        sa.Column("highest_order_minor", sa.Integer(), nullable=False),
        sa.Column("last_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spend_trend", sa.String(length=8), nullable=False),
        sa.Column("spend_trend_ratio", sa.Float(), nullable=True),
        sa.Column("payment_method", sa.String(length=20), nullable=False),
        sa.Column("items_ordered", sa.Integer(), nullable=False),
        sa.Column("items_per_order", sa.Float(), nullable=False),
        sa.Column("mean_item_price_minor", sa.Integer(), nullable=True),
        sa.Column("price_level", sa.String(length=8), nullable=False),
        sa.Column("vegetarian_orders", sa.Integer(), nullable=False),
        sa.Column("vegan_orders", sa.Integer(), nullable=False),
        sa.Column("spicy_orders", sa.Integer(), nullable=False),
        sa.Column("favourite_dish_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_category_id", sa.Uuid(), nullable=True),
        sa.Column(
            "seasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("preferred_area_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_table_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_table_type", sa.String(length=20), nullable=False),
        sa.Column("party_median", sa.Float(), nullable=True),
        sa.Column("menu_seconds", sa.Integer(), nullable=False),
        sa.Column("product_views", sa.Integer(), nullable=False),
        sa.Column("carts", sa.Integer(), nullable=False),
        sa.Column("carts_abandoned", sa.Integer(), nullable=False),
        sa.Column("engagement", sa.String(length=8), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_profiles_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["favourite_dish_id"],
            ["dishes.id"],
            name=op.f("fk_customer_profiles_favourite_dish_id"),
        ),
        sa.ForeignKeyConstraint(
            ["preferred_area_id"], ["areas.id"], name=op.f("fk_customer_profiles_preferred_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["preferred_category_id"],
            ["menu_categories.id"],
            name=op.f("fk_customer_profiles_preferred_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["preferred_table_id"],
            ["tables.id"],
            name=op.f("fk_customer_profiles_preferred_table_id"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_profiles_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_profiles")),
    )
    op.create_index(
        "ix_customer_profiles_alias",
        "customer_profiles",
        ["restaurant_id", "alias", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_average",
        "customer_profiles",
        ["restaurant_id", "average_order_minor", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_first_seen",
        "customer_profiles",
        ["restaurant_id", "first_seen_at", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_highest",
        "customer_profiles",
        ["restaurant_id", "highest_order_minor", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_last_seen",
        "customer_profiles",
        ["restaurant_id", "last_seen_at", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_last_visit",
        "customer_profiles",
        ["restaurant_id", "last_visit_day", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_orders",
        "customer_profiles",
        ["restaurant_id", "total_orders", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_rhythm",
        "customer_profiles",
        ["restaurant_id", "rhythm_days", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_spent",
        "customer_profiles",
        ["restaurant_id", "total_spent_minor", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_status",
        "customer_profiles",
        ["restaurant_id", "status_rank", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_visit_days",
        "customer_profiles",
        ["restaurant_id", "visit_days", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_customer_profiles_visits",
        "customer_profiles",
        ["restaurant_id", "total_visits", "customer_id"],
        unique=False,
    )

    op.create_table(
        "customer_tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("added_by_user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_user_id"], ["users.id"], name=op.f("fk_customer_tags_added_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_tags_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_tags_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_tags")),
        sa.UniqueConstraint("customer_id", "tag", name=op.f("uq_customer_tags_customer_id_tag")),
    )
    op.create_index(
        op.f("ix_customer_tags_restaurant_id_tag_customer_id"),
        "customer_tags",
        ["restaurant_id", "tag", "customer_id"],
        unique=False,
    )

    op.create_table(
        "segment_members",
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_segment_members_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_segment_members_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_segment_members_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["customer_segments.id"], name=op.f("fk_segment_members_segment_id")
        ),
        sa.PrimaryKeyConstraint(
            "segment_id", "customer_id", "entered_at", name=op.f("pk_segment_members")
        ),
    )
    op.create_index(
        op.f("ix_segment_members_customer_id"), "segment_members", ["customer_id"], unique=False
    )
    op.create_index(
        "uq_segment_members_open",
        "segment_members",
        ["segment_id", "customer_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )

    op.add_column("customer_visits", sa.Column("interactions", sa.Integer(), nullable=True))
    for name in ("product_views", "carts_abandoned"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("customer_visits", column)
    op.create_index(
        "ix_customer_visits_to_count",
        "customer_visits",
        ["ended_at"],
        unique=False,
        sqlite_where=sa.text("interactions IS NULL AND customer_id IS NOT NULL"),
        postgresql_where=sa.text("interactions IS NULL AND customer_id IS NOT NULL"),
    )
    op.add_column("customers", sa.Column("name_hash", sa.String(length=64), nullable=True))
    op.create_index(
        op.f("ix_customers_restaurant_id_name_hash"),
        "customers",
        ["restaurant_id", "name_hash"],
        unique=False,
    )
    new_id = "randomblob(16)" if _is_sqlite() else "gen_random_uuid()"
    each = "json_each(c.tags) t" if _is_sqlite() else "jsonb_array_elements_text(c.tags) t(value)"
    op.execute(
        "INSERT INTO customer_notes"
        " (id, created_at, restaurant_id, customer_id, text, history)"
        f" SELECT {new_id}, last_seen_at, restaurant_id, id, notes, '[]'"
        " FROM customers WHERE notes <> ''"
    )
    op.execute(
        "INSERT INTO customer_tags (id, created_at, restaurant_id, customer_id, tag)"
        f" SELECT {new_id}, last_seen_at, restaurant_id, customer_id, tag FROM"
        " (SELECT DISTINCT c.last_seen_at, c.restaurant_id, c.id AS customer_id,"
        f" substr(t.value, 1, 40) AS tag FROM customers c, {each}) AS found"
        " WHERE tag <> ''"
    )
    op.drop_column("customers", "notes")
    op.drop_column("customers", "tags")


def downgrade() -> None:
    """Take it back."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("customers", sa.Column("tags", json, nullable=False, server_default="[]"))
    op.add_column(
        "customers",
        sa.Column("notes", sa.String(length=2000), nullable=False, server_default=""),
    )
    if _is_sqlite():
        tags, notes = "json_group_array(tag)", "group_concat(text, char(10))"
    else:
        tags, notes = "jsonb_agg(tag ORDER BY tag)", "string_agg(text, chr(10) ORDER BY created_at)"
    mine = "WHERE m.customer_id = customers.id"
    op.execute(
        f"UPDATE customers SET tags = (SELECT {tags} FROM"
        f" (SELECT * FROM customer_tags m {mine} ORDER BY tag) AS m)"
        f" WHERE EXISTS (SELECT 1 FROM customer_tags m {mine})"
    )
    op.execute(
        f"UPDATE customers SET notes = substr((SELECT {notes} FROM"
        f" (SELECT * FROM customer_notes m {mine} ORDER BY created_at) AS m), 1, 2000)"
        f" WHERE EXISTS (SELECT 1 FROM customer_notes m {mine})"
    )
    op.drop_index(op.f("ix_customers_restaurant_id_name_hash"), table_name="customers")
    op.drop_column("customers", "name_hash")
    op.drop_index("ix_customer_visits_to_count", table_name="customer_visits")
    for name in ("carts_abandoned", "product_views", "interactions"):
        op.drop_column("customer_visits", name)
    op.drop_index(
        "uq_segment_members_open",
        table_name="segment_members",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(op.f("ix_segment_members_customer_id"), table_name="segment_members")

    op.drop_table("segment_members")
    op.drop_index(
        op.f("ix_customer_tags_restaurant_id_tag_customer_id"), table_name="customer_tags"
    )

    op.drop_table("customer_tags")
    op.drop_index("ix_customer_profiles_visits", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_visit_days", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_status", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_spent", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_rhythm", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_orders", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_last_visit", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_last_seen", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_highest", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_first_seen", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_average", table_name="customer_profiles")
    op.drop_index("ix_customer_profiles_alias", table_name="customer_profiles")

    op.drop_table("customer_profiles")
    op.drop_table("customer_preferences")
    op.drop_index(op.f("ix_customer_notes_restaurant_id_created_at"), table_name="customer_notes")
    op.drop_index(op.f("ix_customer_notes_customer_id_created_at"), table_name="customer_notes")

    op.drop_table("customer_notes")
    op.drop_table("profile_settings")
    op.drop_index(op.f("ix_customer_views_restaurant_id_user_id"), table_name="customer_views")

    op.drop_table("customer_views")
    op.drop_table("customer_segments")
