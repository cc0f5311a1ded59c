"""The search index knows until when a text is shown. What is not shown yet is not in it: the index
is made anew after this."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

KINDS = ("articles", "quotes", "entities", "sections", "publishers", "media")


def upgrade() -> None:
    for kind in KINDS:
        op.drop_index(f"search_{kind}_hidden", f"search_{kind}")
        rename(kind, "hidden_until", "shown_until", f"search_{kind}_shown_until")


def downgrade() -> None:
    """The version of the index is another one, whose instants mean something else: it is made anew
    when it is migrated by the version that it belongs to."""
    op.execute("DELETE FROM search_state")
    for kind in KINDS:
        op.drop_index(f"search_{kind}_shown_until", f"search_{kind}")
        rename(kind, "shown_until", "hidden_until", f"search_{kind}_hidden")


def rename(kind: str, former: str, name: str, index: str) -> None:
    table = f"search_{kind}"
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {former} TO {name}")
    given = sa.text(f"{name} IS NOT NULL")
    op.create_index(index, table, [name, "position"], sqlite_where=given, postgresql_where=given)
