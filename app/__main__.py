"""The command line: `onrecord`, or `python -m app`."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DAY_SECONDS = 86_400
PREFIX_HELP = "The key's prefix, as `keys list` shows it."
SCOPES_HELP = "read, preview, write or admin; may be repeated."

# What a command needs is imported by the command: the server does not wait for Alembic, nor an
# import for the server.


def main() -> None:
    given = vars(parser().parse_args())
    run = given.pop("run")
    try:
        run(**given)
    except SettingsError as error:
        sys.exit(str(error))


def parser() -> ArgumentParser:
    whole = ArgumentParser(prog="onrecord", description="Onrecord, the open news content API.")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    one = command(commands, "serve", serve)
    one.add_argument("--host", default="127.0.0.1", help="The address to listen at (%(default)s).")
    one.add_argument("--port", type=int, default=8000, help="The port to listen at (%(default)s).")
    one.add_argument("--workers", type=count, default=1, help="Server processes (%(default)s).")
    command(commands, "migrate", migrate)
    one = command(commands, "import", import_paths)
    one.add_argument("paths", nargs="+", help="Files, folders, or - for standard input.")
    one.add_argument(
        "--extract",
        action="store_true",
        help="Find the quotes and entities of what was imported, too.",
    )
    one = command(commands, "extract", extract_archive)
    one.add_argument(
        "--mode",
        choices=["propose", "accept"],
        help="Propose what is found, or confirm what is found with confidence.",
    )
    command(commands, "deliver", deliver)
    command(commands, "reindex", reindex)
    one = command(commands, "mirror", mirror)
    one.add_argument("words", nargs="+", metavar="[verify] URL", help="The service to copy.")
    one.add_argument("--into", type=Path, required=True, help="The SQLite file of the copy.")
    one.add_argument("--key", help="A key of the source (ONRECORD_MIRROR_KEY).")
    one.add_argument("--once", action="store_true", help="End when nothing is left to copy.")
    command(commands, "check", check)
    command(commands, "openapi", openapi)
    channels = commands.add_parser("channels", help="Channels.", description="Channels.")
    of_channels = channels.add_subparsers(metavar="COMMAND", required=True)
    one = command(of_channels, "check", check_channel)
    one.add_argument("slug", help="The channel's slug or id.")
    one.add_argument("--target", help="One output alone, such as roku-app.")
    media = commands.add_parser("media", help="Media.", description="Media.")
    of_media = media.add_subparsers(metavar="COMMAND", required=True)
    one = command(of_media, "probe", probe_media)
    one.add_argument("source", metavar="URL|PATH", help="A stream's address, or a file.")
    one.add_argument("--type", dest="media_type", help="The media type; else it is found out.")
    one.add_argument("--url", help="Where it will be found; a file under /media/, if left out.")
    one.add_argument(
        "--timeout", type=count, default=60, help="How many seconds it may take (%(default)s)."
    )
    keys = commands.add_parser("keys", help="API keys.", description="API keys.")
    of_keys = keys.add_subparsers(metavar="COMMAND", required=True)
    one = command(of_keys, "create", create_key)
    one.add_argument("--scope", action="append", required=True, help=SCOPES_HELP)
    one.add_argument("--name", default="unnamed", help="What the key is for.")
    one.add_argument(
        "--section", action="append", default=[], help="Where alone it may write; may be repeated."
    )
    one.add_argument("--channel", action="append", default=[], help="The same; may be repeated.")
    one.add_argument("--expires", help="When it expires: a day, or an instant with its zone.")
    command(of_keys, "list", list_keys)
    one = command(of_keys, "rotate", rotate_key)
    one.add_argument("prefix", help=PREFIX_HELP)
    one.add_argument(
        "--overlap",
        type=int,
        default=DAY_SECONDS,
        help="How many seconds its present token stays valid (%(default)s).",
    )
    one = command(of_keys, "revoke", revoke_key)
    one.add_argument("prefix", help=PREFIX_HELP)
    return whole


def command(
    commands: "_SubParsersAction[ArgumentParser]", name: str, run: Callable[..., None]
) -> ArgumentParser:
    """A command runs the function of its arguments' names, whose documentation is its help."""
    text = cleandoc(run.__doc__ or "")
    added = commands.add_parser(
        name,
        help=text.partition("\n")[0],
        description=text,
        formatter_class=RawDescriptionHelpFormatter,
    )
    added.set_defaults(run=run)
    return added


def count(text: str) -> int:
    """Raises ValueError."""
    if int(text) < 1:
        raise ValueError("none")
    return int(text)


def serve(host: str, port: int, workers: int) -> None:
    """Serve the API."""
    import uvicorn

    settings = read_settings()
    if settings.migrate_on_start:
        migrate()
    uvicorn.run(
        "app.main:create_app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        # The service logs requests itself, without their queries, which may hold keys.
        access_log=False,
        # It would believe X-Forwarded-For of this machine, whatever proxies are trusted.
        proxy_headers=False,
        server_header=False,
        log_level=settings.log_level,
    )


def migrate() -> None:
    """Bring the database's schema up to date."""
    from app.database import migrating

    migrating.migrate(read_settings())


def import_paths(paths: list[str], extract: bool) -> None:
    """Take in article pages (copied text) and NDJSON of the API's own documents.

    The same file twice changes nothing. A bad file or line is named with its reason, the rest
    goes on, and the exit code is 1.
    """
    from app.database.engine import open_database
    from app.extraction.reads import last_change
    from app.importers.runs import run_import

    settings = read_settings()
    database = open_database(settings)
    since = database.read_now(last_change)
    failed = run_import(database, paths)
    if extract:
        failed += find_quotes("accept", since=since)
    sys.exit(1 if failed else 0)


def extract_archive(mode: Literal["propose", "accept"] | None) -> None:
    """Find the quotes of all articles that were not read yet, or have changed since.

    A run that is broken off goes on where it was. What a person has decided stays. Without a mode,
    that of ONRECORD_EXTRACTION, else propose.
    """
    chosen = read_settings().extraction
    sys.exit(1 if find_quotes(mode or ("accept" if chosen == "accept" else "propose")) else 0)


def find_quotes(mode: Literal["propose", "accept"], *, since: int | None = None) -> int:
    """Read all articles, or those changed after a number of the journal. How many failed."""
    from app.database.engine import open_database
    from app.errors import ExtractionModelMissing
    from app.extraction.runs import run_extraction
    from app.extraction.workers import Extractor

    settings = read_settings()
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
            print(problem.detail, file=sys.stderr)
            return 1


def deliver() -> None:
    """Send to webhooks what they are to be told, until it is stopped.

    `onrecord serve` does so itself, unless ONRECORD_DELIVER is false. Several may run.
    """
    from app.webhooks.process import run_deliverer

    run_deliverer(read_settings())


def reindex() -> None:
    """Make the search index anew from the content. Writes wait until it is done."""
    from app.database.engine import open_database
    from app.search.reindexing import run_reindex

    run_reindex(open_database(read_settings()))


def mirror(words: list[str], into: Path, key: str | None, once: bool) -> None:
    """Keep a copy of another service, of what its key sees there: first all, then what changes.

    A run that is broken off goes on where it was. `mirror verify URL` tells what is different; the
    exit code is 1 where anything is.
    """
    from app.mirroring.runs import FAILURES, run_mirror, run_verify

    *verb, url = words
    if verb not in ([], ["verify"]):
        sys.exit(f"onrecord mirror {words[0]}: there is no such command.")
    settings = read_settings()
    key = key or settings.mirror_key
    try:
        if verb:
            sys.exit(1 if run_verify(settings, url, into, key) else 0)
        run_mirror(settings, url, into, key, once=once)
    except FAILURES as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)


def check() -> None:
    """Prove over the whole database that every quote is word for word its article's."""
    from app.database.engine import open_database
    from app.quotes.proof import find_faults

    faults = open_database(read_settings()).read_now(find_faults)
    for fault in faults:
        print(fault)
    told = f"{len(faults)} faults" if faults else "Every quote is verbatim."
    print(told, file=sys.stderr)
    sys.exit(1 if faults else 0)


def check_channel(slug: str, target: str | None) -> None:
    """Tell what each output leaves out of a channel or weakens, and why."""
    from app.database.engine import open_database
    from app.errors import Moved, Problem
    from app.feeds.conformance import read_conformance
    from app.feeds.links import links_of
    from app.models.base import utc_now
    from app.representations.conformance import TARGETS

    targets = [one for one in TARGETS if target in (None, one)]
    if not targets:
        sys.exit(f"There is no target {target}: there are {', '.join(TARGETS)}.")
    settings = read_settings()
    database = open_database(settings)
    for one in targets:
        try:
            report = database.read_now(read_conformance, slug, one, utc_now(), links_of(settings))
        except Problem as problem:
            sys.exit(problem.detail)
        except Moved as moved:
            sys.exit(f"The channel is called {moved.current_name} now.")
        print(
            f"{one}: {report['checked']} looked at, {report['left_out']} left out,"
            f" {report['weakened']} weakened"
        )
        for finding in report["findings"]:
            print(
                f"  {finding['severity']} {finding['code']} {finding['id']}"
                f" “{finding['title']}”: {finding['detail']}"
            )


def openapi() -> None:
    """Print the OpenAPI document."""
    import orjson

    from app.main import create_app

    document = create_app(read_settings()).openapi()
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))


def probe_media(source: str, media_type: str | None, url: str | None, timeout: int) -> None:
    """Print what is to be sent to /v1/media for a video, recording or picture.

    It is read by ffprobe, a part of FFmpeg. The exit code is 1 for what is no media, 2 for what the
    API would refuse, 3 without ffprobe, 4 when it takes too long.
    """
    import orjson

    from app.media.probing import ProbeFailed, probe

    try:
        found = probe(
            source,
            url=url,
            media_type=media_type,
            media_folder=read_settings().media_folder,
            timeout_seconds=timeout,
        )
    except ProbeFailed as failure:
        print(failure, file=sys.stderr)
        sys.exit(failure.exit_code)
    document = found.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))


def create_key(
    scope: list[str], name: str, section: list[str], channel: list[str], expires: str | None
) -> None:
    """Make a key and print it, alone. It cannot be shown again."""
    from pydantic import ValidationError

    from app.access.viewer import the_service
    from app.database.engine import open_database
    from app.errors import Problem
    from app.keys.schemas import KeyWrite
    from app.keys.writes import post_key
    from app.models.base import utc_now
    from app.models.key import SCOPES
    from app.web.filters import earliest
    from app.web.problems import invalid_content

    if unknown := set(scope) - set(SCOPES):
        sys.exit(f"{', '.join(sorted(unknown))}: the scopes are {', '.join(SCOPES)}")
    content = {"name": name, "scopes": scope, "sections": section, "channels": channel}
    try:
        wanted = KeyWrite.model_validate(
            {**content, "expires_at": earliest(expires) if expires else None}
        )
        viewer = the_service(utc_now())
        print(open_database(read_settings()).write_now(post_key, wanted, viewer)["token"])
    except ValidationError as error:
        sys.exit(invalid_content(error).detail)
    except ValueError as error:
        sys.exit(str(error))
    except Problem as problem:
        sys.exit(problem.detail)


def list_keys() -> None:
    """List the keys by their prefixes: state, scopes, limits, expiry, last use, and name."""
    from app.access.viewer import the_service
    from app.database.engine import open_database
    from app.keys.reads import all_keys
    from app.models.base import utc_now

    database = open_database(read_settings())
    for key in database.read_now(all_keys, the_service(utc_now())):
        told = [key["state"], ",".join(key["scopes"])]
        told += [f"in {name}" for name in (*key["sections"], *key["channels"])]
        if key["revoked_at"] is not None:
            told.append(f"since {key['revoked_at']:%Y-%m-%d}")
        elif key["expires_at"] is not None:
            told.append(f"until {key['expires_at']:%Y-%m-%d %H:%M}")
        used = key["last_used_at"]
        told.append(f"used {used:%Y-%m-%d}" if used else "never used")
        print(f"{key['prefix']}  {', '.join(told)}  {key['name']}")


def rotate_key(prefix: str, overlap: int) -> None:
    """Give a key a new token and print it, alone. It cannot be shown again."""
    from datetime import timedelta

    from app.access import keys
    from app.database.engine import open_database
    from app.models.base import utc_now

    if overlap < 0:
        sys.exit("The overlap is a number of seconds, from 0.")
    token = open_database(read_settings()).write_now(
        keys.rotate_by_prefix, prefix, timedelta(seconds=overlap), utc_now()
    )
    if token is None:
        sys.exit(f"There is no valid key {prefix}.")
    print(token)


def revoke_key(prefix: str) -> None:
    """Revoke a key: it is refused from now on."""
    from app.access import keys
    from app.database.engine import open_database
    from app.models.base import utc_now

    if not open_database(read_settings()).write_now(keys.revoke_key, prefix, utc_now()):
        sys.exit(f"There is no valid key {prefix}.")


if __name__ == "__main__":
    main()
