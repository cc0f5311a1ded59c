"""Which database a URL names."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url

from app.database.postgresql import ALIAS, PostgresqlDatabase
from app.database.postgresql import NAME as POSTGRESQL
from app.database.session import Database
from app.database.sqlite import NAME as SQLITE
from app.database.sqlite import SqliteDatabase
from app.settings import Settings

DATABASES: dict[str, type[SqliteDatabase] | type[PostgresqlDatabase]] = {
    SQLITE: SqliteDatabase,
    POSTGRESQL: PostgresqlDatabase,
    ALIAS: PostgresqlDatabase,
}


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name; connections are made when first needed."""
    url = make_url(settings.database_url)
    kind = DATABASES.get(url.drivername.partition("+")[0])
    if kind is None:
        raise ValueError(
            f"ONRECORD_DATABASE_URL names {url.drivername}; "
            "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        )
    return kind(url, settings)


def url_of_file(path: Path) -> str:
    """The URL of an embedded database in this file."""
    return URL.create(SQLITE, database=str(path)).render_as_string()
