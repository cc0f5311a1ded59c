"""Who wrote what, and why: in the journal and in the revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name, length in (("actor", 26), ("note", 500)):
        op.add_column("changes", sa.Column(name, sa.String(length), nullable=True))
    for name, length in (("author", 26), ("note", 500), ("cause", 40)):
        op.add_column("revisions", sa.Column(name, sa.String(length), nullable=True))


def downgrade() -> None:
    for name in ("cause", "note", "author"):
        op.drop_column("revisions", name)
    for name in ("note", "actor"):
        op.drop_column("changes", name)
