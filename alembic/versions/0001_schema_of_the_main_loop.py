"""schema of the main loop."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_inbox_source_external_id")),
    )
    op.create_index(
        op.f("ix_inbox_status_received_at"), "inbox", ["status", "received_at"], unique=False
    )
    op.create_table(
        "job_claims",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("claimed_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.Column("last_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_claims")),
    )
    op.create_table(
        "rate_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limits")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_rate_limits_key_hash")),
    )
    op.create_index(
        op.f("ix_rate_limits_window_ends_at"), "rate_limits", ["window_ends_at"], unique=False
    )
    op.create_table(
        "restaurants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column(
            "languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "opening_hours",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("day_cutoff", sa.Time(), nullable=False),
        sa.Column("tax_rate_basis_points", sa.Integer(), nullable=False),
        sa.Column("brand_color", sa.String(length=7), nullable=False),
        sa.Column(
            "brand_tokens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("logo_file", sa.String(length=120), nullable=True),
        sa.Column("menu_version", sa.Integer(), nullable=False),
        sa.Column("ordering_paused", sa.Boolean(), nullable=False),
        sa.Column("consent_mode", sa.String(length=10), nullable=False),
        sa.Column("fingerprint_enabled", sa.Boolean(), nullable=False),
        sa.Column("uses_cleaning", sa.Boolean(), nullable=False),
        sa.Column("idle_release_minutes", sa.Integer(), nullable=False),
        sa.Column("ticket_soon_minutes", sa.Integer(), nullable=False),
        sa.Column("ticket_late_minutes", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restaurants")),
        sa.UniqueConstraint("slug", name=op.f("uq_restaurants_slug")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "areas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("area_type", sa.String(length=20), nullable=False),
        sa.Column("service_type", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "floor_plan_coordinates",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_areas_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
    )
    op.create_index(
        op.f("ix_areas_restaurant_id_position"),
        "areas",
        ["restaurant_id", "position"],
        unique=False,
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_audit_log_actor_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_audit_log_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(
        op.f("ix_audit_log_restaurant_id_happened_at"),
        "audit_log",
        ["restaurant_id", "happened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_log_restaurant_id_subject_id_happened_at"),
        "audit_log",
        ["restaurant_id", "subject_id", "happened_at"],
        unique=False,
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_memberships_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "restaurant_id", "user_id", name=op.f("uq_memberships_restaurant_id_user_id")
        ),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "menu_categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=160), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_menu_categories_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_categories")),
    )
    op.create_index(
        op.f("ix_menu_categories_restaurant_id_position"),
        "menu_categories",
        ["restaurant_id", "position"],
        unique=False,
    )
    op.create_table(
        "menu_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_user_id"], ["users.id"], name=op.f("fk_menu_versions_changed_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_menu_versions_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_versions")),
        sa.UniqueConstraint(
            "restaurant_id", "version", name=op.f("uq_menu_versions_restaurant_id_version")
        ),
    )
    op.create_table(
        "modifier_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("min_choices", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_modifier_groups_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modifier_groups")),
    )
    op.create_index(
        op.f("ix_modifier_groups_restaurant_id_position"),
        "modifier_groups",
        ["restaurant_id", "position"],
        unique=False,
    )
    op.create_table(
        "order_counters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.String(length=10), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_order_counters_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_counters")),
        sa.UniqueConstraint(
            "restaurant_id",
            "business_day",
            name=op.f("uq_order_counters_restaurant_id_business_day"),
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_outbox_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        op.f("ix_outbox_status_next_attempt_at"),
        "outbox",
        ["status", "next_attempt_at"],
        unique=False,
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_user_sessions_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "dishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.Integer(), nullable=True),
        sa.Column("picture_file", sa.String(length=160), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "diets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("spice", sa.Integer(), nullable=False),
        sa.Column("prep_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_popular", sa.Boolean(), nullable=False),
        sa.Column("is_sold_out", sa.Boolean(), nullable=False),
        sa.Column("sold_out_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_dishes_price")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["menu_categories.id"], name=op.f("fk_dishes_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_dishes_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dishes")),
    )
    op.create_index(
        op.f("ix_dishes_restaurant_id_category_id_position"),
        "dishes",
        ["restaurant_id", "category_id", "position"],
        unique=False,
    )
    op.create_table(
        "modifiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("price_delta_minor", sa.Integer(), nullable=False),
        sa.Column(
            "allergens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_sold_out", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["modifier_groups.id"], name=op.f("fk_modifiers_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_modifiers_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modifiers")),
    )
    op.create_index(
        op.f("ix_modifiers_group_id_position"), "modifiers", ["group_id", "position"], unique=False
    )
    op.create_table(
        "tables",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("table_number", sa.String(length=12), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("table_type", sa.String(length=20), nullable=False),
        sa.Column("shape", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("floor_plan_x", sa.Float(), nullable=False),
        sa.Column("floor_plan_y", sa.Float(), nullable=False),
        sa.Column("floor_plan_width", sa.Float(), nullable=False),
        sa.Column("floor_plan_height", sa.Float(), nullable=False),
        sa.Column("floor_plan_rotation", sa.Float(), nullable=False),
        sa.Column("notes", sa.String(length=500), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_tables_capacity")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_tables_area_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_tables_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tables")),
    )
    op.create_index(
        op.f("ix_tables_restaurant_id_area_id"),
        "tables",
        ["restaurant_id", "area_id"],
        unique=False,
    )
    op.create_index(
        "uq_tables_number_when_active",
        "tables",
        ["restaurant_id", "table_number"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("anonymous_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("consent_level", sa.String(length=12), nullable=False),
        sa.Column("name_encrypted", sa.String(length=400), nullable=True),
        sa.Column("email_encrypted", sa.String(length=600), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_number_encrypted", sa.String(length=300), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_shared_with_restaurant", sa.Boolean(), nullable=False),
        sa.Column("birthday_month", sa.Integer(), nullable=True),
        sa.Column("birthday_day", sa.Integer(), nullable=True),
        sa.Column("address_encrypted", sa.String(length=1200), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "allergens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_table_id", sa.Uuid(), nullable=True),
        sa.Column("first_area_id", sa.Uuid(), nullable=True),
        sa.Column("total_visits", sa.Integer(), nullable=False),
        sa.Column("visit_days", sa.Integer(), nullable=False),
        sa.Column("total_orders", sa.Integer(), nullable=False),
        sa.Column("total_spent_minor", sa.Integer(), nullable=False),
        sa.Column("highest_order_minor", sa.Integer(), nullable=False),
        sa.Column("preferred_category_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_area_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_table_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_area_id"], ["areas.id"], name=op.f("fk_customers_first_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_table_id"], ["tables.id"], name=op.f("fk_customers_first_table_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["customers.id"], name=op.f("fk_customers_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["preferred_area_id"], ["areas.id"], name=op.f("fk_customers_preferred_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["preferred_category_id"],
            ["menu_categories.id"],
            name=op.f("fk_customers_preferred_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["preferred_table_id"], ["tables.id"], name=op.f("fk_customers_preferred_table_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customers_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint(
            "restaurant_id", "alias", name=op.f("uq_customers_restaurant_id_alias")
        ),
        sa.UniqueConstraint(
            "restaurant_id", "anonymous_id", name=op.f("uq_customers_restaurant_id_anonymous_id")
        ),
    )
    op.create_index(
        op.f("ix_customers_restaurant_id_email_hash"),
        "customers",
        ["restaurant_id", "email_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customers_restaurant_id_last_seen_at_id"),
        "customers",
        ["restaurant_id", "last_seen_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customers_restaurant_id_phone_hash"),
        "customers",
        ["restaurant_id", "phone_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customers_restaurant_id_total_spent_minor_id"),
        "customers",
        ["restaurant_id", "total_spent_minor", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customers_restaurant_id_total_visits_id"),
        "customers",
        ["restaurant_id", "total_visits", "id"],
        unique=False,
    )
    op.create_table(
        "dish_allergens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("dish_id", sa.Uuid(), nullable=False),
        sa.Column("allergen", sa.String(length=16), nullable=False),
        sa.Column("is_trace", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_dish_allergens_dish_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_dish_allergens_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish_allergens")),
        sa.UniqueConstraint("dish_id", "allergen", name=op.f("uq_dish_allergens_dish_id_allergen")),
    )
    op.create_table(
        "dish_modifier_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("dish_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dish_id"], ["dishes.id"], name=op.f("fk_dish_modifier_groups_dish_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["modifier_groups.id"], name=op.f("fk_dish_modifier_groups_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"],
            ["restaurants.id"],
            name=op.f("fk_dish_modifier_groups_restaurant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish_modifier_groups")),
        sa.UniqueConstraint(
            "dish_id", "group_id", name=op.f("uq_dish_modifier_groups_dish_id_group_id")
        ),
    )
    op.create_table(
        "dish_variants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("dish_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "translations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_dish_variants_price")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_dish_variants_dish_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_dish_variants_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish_variants")),
    )
    op.create_index(
        op.f("ix_dish_variants_dish_id_position"),
        "dish_variants",
        ["dish_id", "position"],
        unique=False,
    )
    op.create_table(
        "sittings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=10), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=True),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_sittings_area_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_sittings_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["tables.id"], name=op.f("fk_sittings_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
    )
    op.create_index(
        "ix_sittings_open",
        "sittings",
        ["restaurant_id"],
        unique=False,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        op.f("ix_sittings_restaurant_id_opened_at"),
        "sittings",
        ["restaurant_id", "opened_at"],
        unique=False,
    )
    op.create_index(
        "uq_sittings_open_table",
        "sittings",
        ["table_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "table_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("scan_count", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_table_codes_area_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_table_codes_restaurant_id")
        ),
        sa.ForeignKeyConstraint(["table_id"], ["tables.id"], name=op.f("fk_table_codes_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_codes")),
        sa.UniqueConstraint(
            "restaurant_id", "code", name=op.f("uq_table_codes_restaurant_id_code")
        ),
    )
    op.create_index(op.f("ix_table_codes_table_id"), "table_codes", ["table_id"], unique=False)
    op.create_table(
        "customer_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("guest_alias", sa.String(length=40), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("table_code_id", sa.Uuid(), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("last_alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "device_info", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("referrer", sa.String(length=200), nullable=True),
        sa.Column(
            "allergens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("session_duration_seconds", sa.Integer(), nullable=False),
        sa.Column("menu_views", sa.Integer(), nullable=False),
        sa.Column("order_placed", sa.Boolean(), nullable=False),
        sa.Column("order_value_minor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_customer_visits_area_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_visits_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_visits_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_customer_visits_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_code_id"], ["table_codes.id"], name=op.f("fk_customer_visits_table_code_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_customer_visits_table_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_visits")),
    )
    op.create_index(
        op.f("ix_customer_visits_restaurant_id_customer_id_visited_at"),
        "customer_visits",
        ["restaurant_id", "customer_id", "visited_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_visits_restaurant_id_session_hash"),
        "customer_visits",
        ["restaurant_id", "session_hash"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_visits_restaurant_id_visited_at"),
        "customer_visits",
        ["restaurant_id", "visited_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_visits_sitting_id"), "customer_visits", ["sitting_id"], unique=False
    )
    op.create_table(
        "identity_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value_hash", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_identity_links_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_identity_links_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_links")),
    )
    op.create_index(
        op.f("ix_identity_links_customer_id"), "identity_links", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_identity_links_restaurant_id_kind_value_hash"),
        "identity_links",
        ["restaurant_id", "kind", "value_hash"],
        unique=False,
    )
    op.create_index(
        "uq_identity_links_signal",
        "identity_links",
        ["restaurant_id", "kind", "value_hash"],
        unique=True,
        sqlite_where=sa.text("kind <> 'fingerprint'"),
        postgresql_where=sa.text("kind <> 'fingerprint'"),
    )
    op.create_table(
        "merge_journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("kept_customer_id", sa.Uuid(), nullable=False),
        sa.Column("merged_customer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "moved", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_customer_id"], ["customers.id"], name=op.f("fk_merge_journal_kept_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_customer_id"],
            ["customers.id"],
            name=op.f("fk_merge_journal_merged_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_merge_journal_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_journal")),
    )
    op.create_index(
        op.f("ix_merge_journal_restaurant_id_kept_customer_id"),
        "merge_journal",
        ["restaurant_id", "kept_customer_id"],
        unique=False,
    )
    op.create_table(
        "carts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("submit_key", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_carts_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_carts_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("submit_key", name=op.f("uq_carts_submit_key")),
    )
    op.create_index(
        "uq_carts_open_visit",
        "carts",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("submitted_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NULL"),
    )
    op.create_table(
        "code_scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("table_code_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_code_scans_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_code_id"], ["table_codes.id"], name=op.f("fk_code_scans_table_code_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_code_scans_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_scans")),
    )
    op.create_index(
        op.f("ix_code_scans_restaurant_id_table_code_id_scanned_at"),
        "code_scans",
        ["restaurant_id", "table_code_id", "scanned_at"],
        unique=False,
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("allows_fingerprint", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_consents_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_consents_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_visit_id"), "consents", ["visit_id"], unique=False)
    op.create_index(
        "ix_customer_visits_open",
        "customer_visits",
        ["last_alive_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_customer_visits_to_forget",
        "customer_visits",
        ["ended_at"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NULL AND session_hash IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NULL AND session_hash IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_consents_restaurant_id_customer_id_given_at"),
        "consents",
        ["restaurant_id", "customer_id", "given_at"],
        unique=False,
    )
    op.create_table(
        "customer_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(length=24), nullable=False),
        sa.Column(
            "event_data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_customer_events_area_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_events_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_events_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_customer_events_table_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_customer_events_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_events")),
    )
    op.create_index(
        op.f("ix_customer_events_customer_id_happened_at"),
        "customer_events",
        ["customer_id", "happened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_events_restaurant_id_happened_at"),
        "customer_events",
        ["restaurant_id", "happened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_events_visit_id"), "customer_events", ["visit_id"], unique=False
    )
    op.create_table(
        "customer_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("submit_key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("order_kind", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("order_status", sa.String(length=10), nullable=False),
        sa.Column("guest_alias", sa.String(length=40), nullable=False),
        sa.Column(
            "allergens", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("subtotal_minor", sa.Integer(), nullable=False),
        sa.Column("discount_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_customer_orders_area_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_orders_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_customer_orders_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_customer_orders_sitting_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["tables.id"], name=op.f("fk_customer_orders_table_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["customer_visits.id"], name=op.f("fk_customer_orders_visit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_orders")),
        sa.UniqueConstraint(
            "restaurant_id",
            "business_day",
            "number",
            name=op.f("uq_customer_orders_restaurant_id_business_day_number"),
        ),
        sa.UniqueConstraint(
            "restaurant_id", "submit_key", name=op.f("uq_customer_orders_restaurant_id_submit_key")
        ),
    )
    op.create_index(
        "ix_customer_orders_open",
        "customer_orders",
        ["restaurant_id", "order_status", "placed_at"],
        unique=False,
        sqlite_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
        postgresql_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
    )
    op.create_index(
        op.f("ix_customer_orders_restaurant_id_customer_id_placed_at"),
        "customer_orders",
        ["restaurant_id", "customer_id", "placed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_orders_restaurant_id_placed_at"),
        "customer_orders",
        ["restaurant_id", "placed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_orders_sitting_id"), "customer_orders", ["sitting_id"], unique=False
    )
    op.create_index(
        op.f("ix_customer_orders_visit_id"), "customer_orders", ["visit_id"], unique=False
    )
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("dish_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column(
            "modifier_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("seen_unit_price_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_cart_lines_quantity")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_cart_lines_cart_id")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_cart_lines_dish_id")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_cart_lines_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["dish_variants.id"], name=op.f("fk_cart_lines_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_lines")),
    )
    op.create_index(op.f("ix_cart_lines_cart_id"), "cart_lines", ["cart_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=True),
        sa.Column("dish_name", sa.String(length=120), nullable=False),
        sa.Column("variant_name", sa.String(length=80), nullable=False),
        sa.Column(
            "modifiers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.Integer(), nullable=False),
        sa.Column("line_total_minor", sa.Integer(), nullable=False),
        sa.Column("unit_cost_minor", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_order_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["menu_categories.id"], name=op.f("fk_order_lines_category_id")
        ),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_order_lines_dish_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_orders.id"], name=op.f("fk_order_lines_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_order_lines_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["dish_variants.id"], name=op.f("fk_order_lines_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(
        op.f("ix_order_lines_order_id_position"),
        "order_lines",
        ["order_id", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_order_lines_restaurant_id_dish_id"),
        "order_lines",
        ["restaurant_id", "dish_id"],
        unique=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_order_lines_restaurant_id_dish_id"), table_name="order_lines")
    op.drop_index(op.f("ix_order_lines_order_id_position"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index(op.f("ix_cart_lines_cart_id"), table_name="cart_lines")
    op.drop_table("cart_lines")
    op.drop_index(op.f("ix_customer_orders_visit_id"), table_name="customer_orders")
    op.drop_index(op.f("ix_customer_orders_sitting_id"), table_name="customer_orders")
    op.drop_index(op.f("ix_customer_orders_restaurant_id_placed_at"), table_name="customer_orders")
    op.drop_index(
        op.f("ix_customer_orders_restaurant_id_customer_id_placed_at"), table_name="customer_orders"
    )
    op.drop_index(
        "ix_customer_orders_open",
        table_name="customer_orders",
        sqlite_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
        postgresql_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
    )
    op.drop_table("customer_orders")
    op.drop_index(op.f("ix_customer_events_visit_id"), table_name="customer_events")
    op.drop_index(
        op.f("ix_customer_events_restaurant_id_happened_at"), table_name="customer_events"
    )
    op.drop_index(op.f("ix_customer_events_customer_id_happened_at"), table_name="customer_events")
    op.drop_table("customer_events")
    op.drop_index("ix_customer_visits_to_forget", table_name="customer_visits")
    op.drop_index("ix_customer_visits_open", table_name="customer_visits")
    op.drop_index(op.f("ix_consents_visit_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_restaurant_id_customer_id_given_at"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(
        op.f("ix_code_scans_restaurant_id_table_code_id_scanned_at"), table_name="code_scans"
    )
    op.drop_table("code_scans")
    op.drop_index(
        "uq_carts_open_visit",
        table_name="carts",
        sqlite_where=sa.text("submitted_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NULL"),
    )
    op.drop_table("carts")
    op.drop_index(
        op.f("ix_merge_journal_restaurant_id_kept_customer_id"), table_name="merge_journal"
    )
    op.drop_table("merge_journal")
    op.drop_index(
        "uq_identity_links_signal",
        table_name="identity_links",
        sqlite_where=sa.text("kind <> 'fingerprint'"),
        postgresql_where=sa.text("kind <> 'fingerprint'"),
    )
    op.drop_index(
        op.f("ix_identity_links_restaurant_id_kind_value_hash"), table_name="identity_links"
    )
    op.drop_index(op.f("ix_identity_links_customer_id"), table_name="identity_links")
    op.drop_table("identity_links")
    op.drop_index(op.f("ix_customer_visits_sitting_id"), table_name="customer_visits")
    op.drop_index(op.f("ix_customer_visits_restaurant_id_visited_at"), table_name="customer_visits")
    op.drop_index(
        op.f("ix_customer_visits_restaurant_id_session_hash"), table_name="customer_visits"
    )
    op.drop_index(
        op.f("ix_customer_visits_restaurant_id_customer_id_visited_at"),
        table_name="customer_visits",
    )
    op.drop_table("customer_visits")
    op.drop_index(op.f("ix_table_codes_table_id"), table_name="table_codes")
    op.drop_table("table_codes")
    op.drop_index(
        "uq_sittings_open_table",
        table_name="sittings",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(op.f("ix_sittings_restaurant_id_opened_at"), table_name="sittings")
    op.drop_index(
        "ix_sittings_open",
        table_name="sittings",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_table("sittings")
    op.drop_index(op.f("ix_dish_variants_dish_id_position"), table_name="dish_variants")
    op.drop_table("dish_variants")
    op.drop_table("dish_modifier_groups")
    op.drop_table("dish_allergens")
    op.drop_index(op.f("ix_customers_restaurant_id_total_visits_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_restaurant_id_total_spent_minor_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_restaurant_id_phone_hash"), table_name="customers")
    op.drop_index(op.f("ix_customers_restaurant_id_last_seen_at_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_restaurant_id_email_hash"), table_name="customers")
    op.drop_table("customers")
    op.drop_index(
        "uq_tables_number_when_active",
        table_name="tables",
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    op.drop_index(op.f("ix_tables_restaurant_id_area_id"), table_name="tables")
    op.drop_table("tables")
    op.drop_index(op.f("ix_modifiers_group_id_position"), table_name="modifiers")
    op.drop_table("modifiers")
    op.drop_index(op.f("ix_dishes_restaurant_id_category_id_position"), table_name="dishes")
    op.drop_table("dishes")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_index(op.f("ix_outbox_status_next_attempt_at"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("order_counters")
    op.drop_index(op.f("ix_modifier_groups_restaurant_id_position"), table_name="modifier_groups")
    op.drop_table("modifier_groups")
    op.drop_table("menu_versions")
    op.drop_index(op.f("ix_menu_categories_restaurant_id_position"), table_name="menu_categories")
    op.drop_table("menu_categories")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_audit_log_restaurant_id_subject_id_happened_at"), table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_restaurant_id_happened_at"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_index(op.f("ix_areas_restaurant_id_position"), table_name="areas")
    op.drop_table("areas")
    op.drop_table("users")
    op.drop_table("restaurants")
    op.drop_index(op.f("ix_rate_limits_window_ends_at"), table_name="rate_limits")
    op.drop_table("rate_limits")
    op.drop_table("job_claims")
    op.drop_index(op.f("ix_inbox_status_received_at"), table_name="inbox")
    op.drop_table("inbox")
