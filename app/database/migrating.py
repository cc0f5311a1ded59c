"""The schema of a database, brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from app.settings import Settings

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


def migrate(settings: Settings) -> None:
    """Processes that start together migrate one after the other."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["settings"] = settings
    command.upgrade(config, "head")
