"""How Alembic reaches the database that the settings name."""

from alembic import context
from sqlalchemy import Connection

from app.database.engine import open_database
from app.models import Base
from app.search.rebuilding import index_is_outdated, rebuild_index
from app.settings import read_settings

# What a search engine of the database keeps for itself is created by hand.
OWN_PREFIX = "search_"


def include_name(name: str | None, type_: str, parents: object) -> bool:
    return not (type_ in ("table", "index") and name is not None and name.startswith(OWN_PREFIX))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if index_is_outdated(connection):
        rebuild_index(connection)


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = open_database(context.config.attributes.get("settings") or read_settings())
    with database.new_session() as session, session.begin():
        # Processes that start together migrate one after the other.
        database.queue_writers(session)
        migrate(session.connection())
