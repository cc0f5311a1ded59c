"""Streaming channels, and what is scheduled on them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "channels",
        *resource("channels"),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("contact", sa.String(300)),
        sa.Column("number", sa.Integer()),
        sa.Column("artwork_key", KEY),
        sa.Column("genres", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rating", sa.JSON(none_as_null=True)),
        sa.Column("streams", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("carries", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rows", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["artwork_key"], ["media.key"], name="fk_channels_artwork_key"),
        sa.UniqueConstraint("slug", name="uq_channels_slug"),
    )
    op.create_index("ix_channels_artwork_key", "channels", ["artwork_key"])
    op.create_table(
        "programmes",
        *resource("programmes"),
        *shown("programmes"),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("stops_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "starts_at < stops_at", name=op.f("ck_programmes_starts_before_it_stops")
        ),
        sa.UniqueConstraint("channel_key", "starts_at", name="uq_programmes_channel_key_starts_at"),
    )
    op.create_index("ix_programmes_channel_key_stops_at", "programmes", ["channel_key", "stops_at"])
    op.create_table(
        "bulletins",
        *resource("bulletins"),
        *shown("bulletins"),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("days", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.CheckConstraint("duration_minutes > 0", name=op.f("ck_bulletins_duration_positive")),
    )
    op.create_index("ix_bulletins_channel_key", "bulletins", ["channel_key"])


def downgrade() -> None:
    for table in ("bulletins", "programmes", "channels"):
        op.drop_table(table)


def resource(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
        sa.CheckConstraint("length(id) = 26", name=op.f(f"ck_{table}_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f(f"ck_{table}_revision_positive")),
    ]


def shown(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("channel_key", KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("has_captions", sa.Boolean(), nullable=False),
        sa.Column("genres", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rating", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["channel_key"], ["channels.key"], name=f"fk_{table}_channel_key", ondelete="CASCADE"
        ),
    ]
