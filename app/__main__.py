"""The command line: `onrecord`, or `python -m app`."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.settings import Settings

# What a command needs is imported by the command: the server does not wait for Alembic, nor an
# import for the server.

cli = typer.Typer(
    help="Onrecord, the open news content API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys_cli = typer.Typer(help="API keys.", no_args_is_help=True)
cli.add_typer(keys_cli, name="keys")


def main() -> None:
    cli()


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1,
) -> None:
    """Serve the API."""
    import uvicorn

    if Settings().migrate_on_start:
        migrate()
    uvicorn.run(
        "app.main:create_app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        # The service logs requests itself, without their queries, which may hold keys.
        access_log=False,
        server_header=False,
        log_level=Settings().log_level,
    )


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from alembic import command
    from alembic.config import Config

    root = Path(__file__).resolve().parent.parent
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    command.upgrade(config, "head")


@cli.command("import")
def import_paths(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    extract: Annotated[
        bool, typer.Option(help="Find the quotes and entities of what was imported, too.")
    ] = False,
) -> None:
    """Take in article pages (copied text) and NDJSON of the API's own documents.

    The same file twice changes nothing. A bad file or line is named with its reason, the rest
    goes on, and the exit code is 1.
    """
    from app.database.engine import open_database
    from app.extraction.reads import last_change
    from app.importers.runs import run_import

    settings = Settings()
    database = open_database(settings)
    since = database.read_now(last_change)
    failed = run_import(database, paths)
    if extract:
        failed += find_quotes("accept", since=since)
    sys.exit(1 if failed else 0)


@cli.command("extract")
def extract_archive(
    mode: Annotated[
        Literal["propose", "accept"] | None,
        typer.Option(help="Propose what is found, or confirm what is found with confidence."),
    ] = None,
) -> None:
    """Find the quotes of all articles that were not read yet, or have changed since.

    A run that is broken off goes on where it was. What a person has decided stays. Without a mode,
    that of ONRECORD_EXTRACTION, else propose.
    """
    chosen = Settings().extraction
    sys.exit(1 if find_quotes(mode or ("accept" if chosen == "accept" else "propose")) else 0)


def find_quotes(mode: Literal["propose", "accept"], *, since: int | None = None) -> int:
    """Read all articles, or those changed after a number of the journal. How many failed."""
    from app.database.engine import open_database
    from app.errors import ExtractionModelMissing
    from app.extraction.runs import run_extraction
    from app.extraction.workers import Extractor

    settings = Settings()
    with Extractor(settings) as extractor:
        try:
            return run_extraction(
                open_database(settings),
                extractor,
                mode=mode,
                confidence=settings.extraction_confidence,
                since=since,
            )
        except ExtractionModelMissing as problem:
            typer.echo(problem.detail, err=True)
            return 1


@cli.command()
def reindex() -> None:
    """Make the search index anew from the content. Writes wait until it is done."""
    from app.database.engine import open_database
    from app.search.reindexing import run_reindex

    run_reindex(open_database(Settings()))


@cli.command()
def check() -> None:
    """Prove over the whole database that every quote is word for word its article's."""
    from app.database.engine import open_database
    from app.quotes.proof import find_faults

    faults = open_database(Settings()).read_now(find_faults)
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"{len(faults)} faults" if faults else "Every quote is verbatim.", err=True)
    sys.exit(1 if faults else 0)


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    import orjson

    from app.main import create_app

    document = create_app(Settings()).openapi()
    typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


@keys_cli.command("create")
def create_key(
    scope: Annotated[
        list[str], typer.Option(help="read, preview, write or admin; may be repeated.")
    ],
    name: Annotated[str, typer.Option(help="What the key is for.")] = "unnamed",
) -> None:
    """Make a key and print it, alone. It cannot be shown again."""
    from app.access import keys
    from app.database.engine import open_database
    from app.models.base import utc_now
    from app.models.key import SCOPES

    wanted = [known for known in SCOPES if known in scope]
    if unknown := set(scope) - set(SCOPES):
        raise typer.BadParameter(
            f"{', '.join(sorted(unknown))}: the scopes are {', '.join(SCOPES)}"
        )
    database = open_database(Settings())
    typer.echo(database.write_now(keys.create_key, name=name, scopes=wanted, at=utc_now()))


@keys_cli.command("list")
def list_keys() -> None:
    """List the keys by their prefixes."""
    from app.access import keys
    from app.database.engine import open_database

    for prefix, name, scopes, revoked_at in open_database(Settings()).read_now(keys.list_keys):
        state = f"revoked {revoked_at:%Y-%m-%d}" if revoked_at else ",".join(scopes)
        typer.echo(f"{prefix}  {state}  {name}")


@keys_cli.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(help="The key's prefix, as `keys list` shows it.")],
) -> None:
    """Revoke a key: it is refused from now on."""
    from app.access import keys
    from app.database.engine import open_database
    from app.models.base import utc_now

    if not open_database(Settings()).write_now(keys.revoke_key, prefix, utc_now()):
        typer.echo(f"There is no valid key {prefix}.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
