"""What televisions poll: a channel's home screen, items, feeds, guide and playlist."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from app.access.asking import Asking
from app.documents.conformance import ConformanceReport
from app.errors import ItemNotFound
from app.feeds.answers import Rendered, respond_feed
from app.feeds.conformance import TARGET, parse_target, read_conformance
from app.feeds.formats import FORMATS, Format
from app.feeds.items import feed_channel
from app.feeds.links import Links, links_of
from app.feeds.routes import Handler, described
from app.feeds.screens import (
    channels_at,
    find_channel_items,
    read_channel,
    read_guide,
    read_item,
    read_screen,
)
from app.feeds.selection import parameters, parse_wanted
from app.feeds.sources import channel_source
from app.representations.channel_home import channel_home, home_card, last_updated
from app.representations.live_m3u import live_m3u
from app.representations.live_xmltv import live_xmltv
from app.representations.roku_linear import roku_linear
from app.representations.television_rules import plays
from app.web.dependencies import Connected
from app.web.json import dump
from app.web.negotiation import respond
from app.web.routing import Route
from app.web.state import settings_of

router = APIRouter(prefix="/v1/channels/{channel_id}", tags=["channels"], route_class=Route)
all_channels = APIRouter(prefix="/v1/feeds", tags=["feeds"], route_class=Route)

JSON, XML, M3U = "application/json", "application/xml", "audio/x-mpegurl"


def handler_of(form: Format) -> Handler:
    async def get_channel_feed(
        channel_id: str, request: Request, database: Connected, viewer: Asking
    ) -> Response:
        settings = settings_of(request)
        links = links_of(settings)
        wanted = await parse_wanted(request)

        def render(connection: Connection) -> Rendered:
            channel, found = find_channel_items(
                connection,
                channel_id,
                wanted,
                viewer.at,
                links,
                for_television=form.for_television,
            )
            cursor = wanted.cursor(found.behind)
            source = channel_source(request, settings, links, channel, found.items, cursor)
            body = form.render(source, found.items)
            return Rendered(body, source["updated_at"], found.until)

        return respond_feed(request, await database.read_long(render), form.media_type)

    return get_channel_feed


for form in FORMATS:
    router.add_api_route(
        f"/{form.file}",
        handler_of(form),
        name=f"get_channel_{form.target.replace('-', '_')}",
        methods=["GET"],
        description=f"{form.summary}: what the channel carries.",
        openapi_extra={"parameters": parameters()},
        responses=described(form.media_type),
    )


@router.get("/home.json", responses=described(JSON))
async def get_channel_home(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The whole home screen of a television app in one answer, its fields those of Roku's content
    nodes."""
    links = links_of(settings_of(request))

    def render(connection: Connection) -> Rendered:
        screen = read_screen(connection, channel_id, viewer.at, links)
        body = channel_home(screen.channel, screen.rows)
        return Rendered(body, last_updated(screen.channel, screen.rows), screen.until)

    return respond_feed(request, await database.read_long(render), JSON)


@router.get("/items/{item_id}", responses=described(JSON))
async def get_channel_item(
    channel_id: str, item_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """What a deep link leads to, by the id of its article: 410 when it was withdrawn."""
    links = links_of(settings_of(request))
    channel, item, until = await database.read(read_item, channel_id, item_id, viewer.at, links)
    if not plays(item):
        raise ItemNotFound(item_id)
    card = Rendered(dump(home_card(channel, item)), item["updated_at"], until)
    return respond_feed(request, card, JSON)


@router.get(
    "/conformance",
    response_model=ConformanceReport,
    openapi_extra=TARGET,
)
async def get_conformance(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """What an output leaves out of the channel or weakens, and why: nothing is left out in
    silence."""
    target = parse_target(request)
    links = links_of(settings_of(request))
    report = await database.read_long(read_conformance, channel_id, target, viewer.at, links)
    return respond(request, report, etag="report", headers={"Cache-Control": "no-store"})


@router.get("/roku-linear.json", responses=described(JSON))
async def get_roku_linear(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The schedule for a linear partner of The Roku Channel: a day back and seven ahead."""
    settings = settings_of(request)
    links = links_of(settings)

    def render(connection: Connection) -> Rendered:
        guide = read_guide(connection, channel_id, viewer.at, links)
        channel, programmes = guide.schedules[0]["channel"], guide.schedules[0]["programmes"]
        body = roku_linear(settings.site_name, channel, programmes)
        return Rendered(body, channel["updated_at"], guide.until)

    return respond_feed(request, await database.read_long(render), JSON)


@router.get("/epg.xml", responses=described(XML))
async def get_channel_guide(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The programme guide (XMLTV): a day back and seven ahead."""
    return await respond_guide(request, database, viewer, channel_id)


@all_channels.get("/epg.xml", responses=described(XML))
async def get_guide(request: Request, database: Connected, viewer: Asking) -> Response:
    """The programme guide of all channels (XMLTV)."""
    return await respond_guide(request, database, viewer, None)


async def respond_guide(
    request: Request, database: Connected, viewer: Asking, channel_id: str | None
) -> Response:
    links = links_of(settings_of(request))

    def render(connection: Connection) -> Rendered:
        guide = read_guide(connection, channel_id, viewer.at, links)
        updated_at = max((one["channel"]["updated_at"] for one in guide.schedules), default=None)
        body = live_xmltv(guide.schedules, host=host_of(links))
        return Rendered(body, updated_at, guide.until)

    return respond_feed(request, await database.read_long(render), XML)


@router.get("/live.m3u", responses=described(M3U))
async def get_channel_playlist(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The channel's streams as a playlist (M3U) for IPTV players."""
    links = links_of(settings_of(request))
    guide_url = links.absolute(f"/v1/channels/{channel_id}/epg.xml")
    _, channel = await database.read(read_channel, channel_id, viewer.at)
    body = live_m3u([feed_channel(channel, links)], host=host_of(links), guide_url=guide_url)
    return respond_feed(request, Rendered(body, channel["updated_at"]), M3U)


@all_channels.get("/live.m3u", responses=described(M3U))
async def get_playlist(request: Request, database: Connected, viewer: Asking) -> Response:
    """The streams of all channels as a playlist (M3U) for IPTV players."""
    links = links_of(settings_of(request))
    channels = await database.read(channels_at, viewer.at, links)
    body = live_m3u(channels, host=host_of(links), guide_url=links.absolute("/v1/feeds/epg.xml"))
    updated_at = max((one["updated_at"] for one in channels), default=None)
    return respond_feed(request, Rendered(body, updated_at), M3U)


def host_of(links: Links) -> str:
    return urlsplit(links.public_url).hostname or "localhost"
