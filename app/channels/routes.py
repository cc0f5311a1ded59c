"""`/v1/channels`, and what is scheduled on them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from app.access.asking import Asking
from app.channels import reads, schedules, scheduling, writes
from app.channels.clips import channel_clips
from app.channels.filters import CHANNELS
from app.channels.schemas import BulletinWrite, ChannelWrite, ProgrammeWrite
from app.channels.timetable import FIRST, LAST, Slot, day_of
from app.documents.channels import BulletinRead, ChannelRead, ProgrammeRead, ScheduleRead
from app.documents.pages import Bulletins, ChannelPage, Programmes
from app.web.conditional import precondition_of
from app.web.dependencies import Connected, Writing
from app.web.fields import parse_fields
from app.web.filters import earliest, latest
from app.web.flags import flag, parse_flag
from app.web.idempotency import answer_once
from app.web.listing import FIELDS, list_parameters, only_once, parameter, parse_list, refused
from app.web.negotiation import respond, respond_page, respond_resource, respond_saved
from app.web.pages import read_list
from app.web.patching import read_patch
from app.web.routing import Route

router = APIRouter(prefix="/v1/channels", tags=["channels"], route_class=Route)

FORCE = {
    "parameters": [flag("force", "Change what is shown within the next 48 hours nevertheless.")]
}
WINDOW = {
    "parameters": [
        parameter(
            "since", "From this day or instant on: today, where nothing is said.", minLength=1
        ),
        parameter(
            "until", "Up to this day or instant, the day counting in: a day later.", minLength=1
        ),
    ]
}


@router.get("", response_model=ChannelPage, openapi_extra=list_parameters(CHANNELS))
async def list_channels(request: Request, database: Connected, viewer: Asking) -> Response:
    """The streaming channels."""
    wanted = await parse_list(request, CHANNELS)
    return respond_page(
        request, await read_list(database, wanted, reads.list_channels, wanted, viewer)
    )


@router.post("", response_model=ChannelRead, status_code=201)
async def post_channel(content: ChannelWrite, request: Request, viewer: Asking) -> Response:
    """Add a channel."""
    return await answer_once(
        request,
        lambda session: respond_saved(
            request, writes.post_channel(session, content, viewer), "/v1/channels", created=True
        ),
    )


@router.get("/{channel_id}", response_model=ChannelRead, openapi_extra={"parameters": [FIELDS]})
async def get_channel(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A channel."""
    selection = parse_fields(request, ChannelRead)
    channel = await database.read(reads.get_channel, channel_id, viewer)
    return respond_resource(request, channel, selection)


@router.put("/{channel_id}", response_model=ChannelRead)
async def put_channel(
    channel_id: str, content: ChannelWrite, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Replace a channel, or create it at an id of your choice."""
    channel, created = await database.write(
        writes.put_channel, channel_id, content, precondition_of(request), viewer
    )
    return respond_saved(request, channel, "/v1/channels", created=created)


@router.patch(
    "/{channel_id}", response_model=ChannelRead, openapi_extra={"x-patches": "ChannelWrite"}
)
async def patch_channel(
    channel_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a channel."""
    patch = await read_patch(request)
    channel = await database.write(
        writes.patch_channel, channel_id, patch, precondition_of(request), viewer
    )
    return respond_saved(request, channel, "/v1/channels")


@router.delete("/{channel_id}", status_code=204)
async def delete_channel(
    channel_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Delete a channel, with all that is scheduled on it."""
    await database.write(writes.delete_channel, channel_id, precondition_of(request), viewer)
    return Response(status_code=204)


@router.get("/{channel_id}/schedule", response_model=ScheduleRead, openapi_extra=WINDOW)
async def get_schedule(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """What the channel shows, without a gap: programmes, bulletins, and blocks of clips between."""
    within = parse_window(request.query_params, viewer.at)
    schedule = await database.read(
        schedules.get_schedule, channel_id, within, viewer, clips=channel_clips
    )
    return respond(request, schedule, etag="schedule", headers={"Cache-Control": "no-store"})


@router.get("/{channel_id}/programmes", response_model=Programmes, openapi_extra=WINDOW)
async def list_programmes(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The programmes within a span of time."""
    within = parse_window(request.query_params, viewer.at)
    programmes = await database.read(schedules.list_programmes, channel_id, within, viewer)
    return respond(request, programmes, etag="list", headers={"Cache-Control": "no-store"})


@router.post(
    "/{channel_id}/programmes",
    response_model=ProgrammeRead,
    status_code=201,
    openapi_extra=FORCE,
)
async def post_programme(
    channel_id: str, content: ProgrammeWrite, request: Request, viewer: Asking
) -> Response:
    """Schedule a programme."""
    force = parse_flag(request.query_params, "force")
    return await answer_once(
        request,
        lambda session: respond_saved(
            request,
            scheduling.post_programme(session, channel_id, content, viewer, force=force),
            f"/v1/channels/{channel_id}/programmes",
            created=True,
        ),
    )


@router.get("/{channel_id}/programmes/{programme_id}", response_model=ProgrammeRead)
async def get_programme(
    channel_id: str, programme_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A programme."""
    programme = await database.read(schedules.get_programme, channel_id, programme_id, viewer)
    return respond_resource(request, programme)


@router.put(
    "/{channel_id}/programmes/{programme_id}", response_model=ProgrammeRead, openapi_extra=FORCE
)
async def put_programme(
    channel_id: str,
    programme_id: str,
    content: ProgrammeWrite,
    request: Request,
    database: Writing,
    viewer: Asking,
) -> Response:
    """Replace a programme, or schedule it at an id of your choice."""
    programme, created = await database.write(
        scheduling.put_programme,
        channel_id,
        programme_id,
        content,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    collection = f"/v1/channels/{channel_id}/programmes"
    return respond_saved(request, programme, collection, created=created)


@router.patch(
    "/{channel_id}/programmes/{programme_id}",
    response_model=ProgrammeRead,
    openapi_extra={"x-patches": "ProgrammeWrite", **FORCE},
)
async def patch_programme(
    channel_id: str, programme_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a programme."""
    patch = await read_patch(request)
    programme = await database.write(
        scheduling.patch_programme,
        channel_id,
        programme_id,
        patch,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    return respond_saved(request, programme, f"/v1/channels/{channel_id}/programmes")


@router.delete("/{channel_id}/programmes/{programme_id}", status_code=204, openapi_extra=FORCE)
async def delete_programme(
    channel_id: str, programme_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Take a programme out of the schedule."""
    await database.write(
        scheduling.delete_programme,
        channel_id,
        programme_id,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    return Response(status_code=204)


@router.get("/{channel_id}/bulletins", response_model=Bulletins)
async def list_bulletins(
    channel_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """The programmes that come again."""
    bulletins = await database.read(schedules.list_bulletins, channel_id, viewer)
    return respond(request, bulletins, etag="list")


@router.post(
    "/{channel_id}/bulletins", response_model=BulletinRead, status_code=201, openapi_extra=FORCE
)
async def post_bulletin(
    channel_id: str, content: BulletinWrite, request: Request, viewer: Asking
) -> Response:
    """Schedule a programme that comes again."""
    force = parse_flag(request.query_params, "force")
    return await answer_once(
        request,
        lambda session: respond_saved(
            request,
            scheduling.post_bulletin(session, channel_id, content, viewer, force=force),
            f"/v1/channels/{channel_id}/bulletins",
            created=True,
        ),
    )


@router.get("/{channel_id}/bulletins/{bulletin_id}", response_model=BulletinRead)
async def get_bulletin(
    channel_id: str, bulletin_id: str, request: Request, database: Connected, viewer: Asking
) -> Response:
    """A bulletin."""
    bulletin = await database.read(schedules.get_bulletin, channel_id, bulletin_id, viewer)
    return respond_resource(request, bulletin)


@router.put(
    "/{channel_id}/bulletins/{bulletin_id}", response_model=BulletinRead, openapi_extra=FORCE
)
async def put_bulletin(
    channel_id: str,
    bulletin_id: str,
    content: BulletinWrite,
    request: Request,
    database: Writing,
    viewer: Asking,
) -> Response:
    """Replace a bulletin, or schedule it at an id of your choice."""
    bulletin, created = await database.write(
        scheduling.put_bulletin,
        channel_id,
        bulletin_id,
        content,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    collection = f"/v1/channels/{channel_id}/bulletins"
    return respond_saved(request, bulletin, collection, created=created)


@router.patch(
    "/{channel_id}/bulletins/{bulletin_id}",
    response_model=BulletinRead,
    openapi_extra={"x-patches": "BulletinWrite", **FORCE},
)
async def patch_bulletin(
    channel_id: str, bulletin_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Change some fields of a bulletin."""
    patch = await read_patch(request)
    bulletin = await database.write(
        scheduling.patch_bulletin,
        channel_id,
        bulletin_id,
        patch,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    return respond_saved(request, bulletin, f"/v1/channels/{channel_id}/bulletins")


@router.delete("/{channel_id}/bulletins/{bulletin_id}", status_code=204, openapi_extra=FORCE)
async def delete_bulletin(
    channel_id: str, bulletin_id: str, request: Request, database: Writing, viewer: Asking
) -> Response:
    """Take a bulletin out of the schedule."""
    await database.write(
        scheduling.delete_bulletin,
        channel_id,
        bulletin_id,
        precondition_of(request),
        viewer,
        force=parse_flag(request.query_params, "force"),
    )
    return Response(status_code=204)


def parse_window(query: QueryParams, at: datetime) -> Slot:
    only_once(query, {"since", "until"})
    since = read_instant(query, "since", earliest)
    until = read_instant(query, "until", latest)
    starts_at = since if since is not None else day_of(at)
    if until is None and starts_at < LAST:
        until = starts_at + timedelta(days=1)
    stops_at = until or starts_at
    if min(starts_at, stops_at) < FIRST or max(starts_at, stops_at) > LAST:
        raise refused("since", f"since and until lie between {FIRST:%Y} and {LAST:%Y}.")
    if not timedelta(0) < stops_at - starts_at <= schedules.LONGEST_WINDOW:
        days = schedules.LONGEST_WINDOW.days
        raise refused("until", f"until is after since, by {days} days at most.")
    return Slot(starts_at, stops_at)


def read_instant(query: QueryParams, name: str, read: Callable[[str], datetime]) -> datetime | None:
    if name not in query:
        return None
    try:
        # Whole seconds: what is shown begins at none between.
        return read(query[name]).replace(microsecond=0)
    except ValueError as error:
        raise refused(name, str(error)) from None
