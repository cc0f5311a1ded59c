"""How far a mirror of another service has come."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "mirrors",
        sa.Column("source", sa.String(2000), nullable=False),
        sa.Column("sees", sa.String(8), nullable=False),
        sa.Column("position", sa.String(100), nullable=False),
        sa.Column("copying", sa.String(16), nullable=True),
        sa.Column("after", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_mirrors")),
    )


def downgrade() -> None:
    op.drop_table("mirrors")
