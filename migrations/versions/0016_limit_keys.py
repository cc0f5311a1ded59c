"""Keys that expire, are limited and rotate; and the journal by who wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

INSTANT = sa.DateTime(timezone=True)
LISTED = sa.JSON(none_as_null=True)
WRITTEN = sa.text("actor IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("api_keys") as keys:
        keys.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        keys.add_column(sa.Column("updated_at", INSTANT, nullable=True))
        for name in ("former", "sections", "channels"):
            keys.add_column(sa.Column(name, LISTED, nullable=True))
        for name in ("expires_at", "last_used_at"):
            keys.add_column(sa.Column(name, INSTANT, nullable=True))
    op.execute("UPDATE api_keys SET updated_at = COALESCE(revoked_at, created_at)")
    with op.batch_alter_table("api_keys") as keys:
        keys.alter_column("updated_at", existing_type=INSTANT, nullable=False)
        keys.alter_column("revision", existing_type=sa.Integer(), server_default=None)
        keys.create_check_constraint(op.f("ck_api_keys_id_length"), "length(id) = 26")
        keys.create_check_constraint(op.f("ck_api_keys_revision_positive"), "revision >= 1")
    op.create_index(
        "ix_changes_actor_sequence",
        "changes",
        ["actor", "sequence"],
        postgresql_where=WRITTEN,
        sqlite_where=WRITTEN,
    )


def downgrade() -> None:
    op.drop_index("ix_changes_actor_sequence", "changes")
    with op.batch_alter_table("api_keys") as keys:
        keys.drop_constraint(op.f("ck_api_keys_revision_positive"), type_="check")
        keys.drop_constraint(op.f("ck_api_keys_id_length"), type_="check")
        for name in (
            "last_used_at", "expires_at", "channels", "sections", "former", "updated_at", "revision",
        ):  # fmt: skip
            keys.drop_column(name)
