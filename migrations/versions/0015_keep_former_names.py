"""What entities were called, the slugs that an event concerns, and which revisions were purged."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "entity_forms",
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "revision", name="pk_entity_forms"),
    )
    op.add_column(
        "changes", sa.Column("slugs", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("revisions", sa.Column("purged_at", INSTANT, nullable=True))
    op.add_column("revisions", sa.Column("purged_by", sa.String(length=26), nullable=True))


def downgrade() -> None:
    op.drop_column("revisions", "purged_by")
    op.drop_column("revisions", "purged_at")
    op.drop_column("changes", "slugs")
    op.drop_table("entity_forms")
