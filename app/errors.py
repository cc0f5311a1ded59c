"""Every error that a client can be sent, as one tree.

A route, read or write raises a `Problem`; only the handler in `web/problems.py` makes a response of
it. `code` is stable: clients switch on it. The documentation lists the whole tree (docs/errors.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar


class Problem(Exception):
    """An RFC 9457 problem: what went wrong, for people (`detail`) and for programs (`code`).

    `errors` names the places at fault: `{"pointer": "/quotes/0/text", "detail": …}` in a body,
    `{"parameter": "sort", "detail": …}` in a query, `{"header": "If-Match", "detail": …}`.
    `members` are further members of the problem document, as the code's documentation says.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),  # Any: differences and candidates are nested
        headers: Mapping[str, str] | None = None,
        **members: Any,  # Any: extension members are whatever the code's documentation says
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        self.headers = dict(headers or {})
        self.members = members

    def within(self, pointer: str) -> "Problem":
        """This problem, its pointers counted from `pointer` in an enclosing document."""
        for error in self.errors:
            if "pointer" in error:
                error["pointer"] = pointer + error["pointer"]
        return self


def problem_types() -> Iterator[type[Problem]]:
    """Every problem that can be sent, in the order of this module."""
    pending = [Problem]
    while pending:
        problem = pending.pop(0)
        if "code" in vars(problem):
            yield problem
        pending.extend(problem.__subclasses__())


class InternalError(Problem):
    """The service failed, by a mistake of its own; its log has the reason under `request_id`."""

    status = 500
    code = "internal-error"
    title = "The service failed"


class ExtractionFailed(Problem):
    """Finding quotes in this text took longer than it may, or its process died each time. The
    same text will fail again."""

    status = 500
    code = "extraction-failed"
    title = "The text could not be read"


# The request itself


class BadRequest(Problem):
    status = 400


class MalformedRequest(BadRequest):
    """The body is not JSON, or not JSON that can be kept; or there is one where none is taken."""

    code = "malformed-request"
    title = "The request body cannot be read"


class InvalidParameter(BadRequest):
    """A query parameter is unknown, given twice, or has a value that it does not take."""

    code = "invalid-parameter"
    title = "A query parameter is wrong"


class InvalidCursor(BadRequest):
    """The cursor was made for another list, filter or sort, or not by this service."""

    code = "invalid-cursor"
    title = "The cursor does not belong to this list"


class SearchMalformed(BadRequest):
    """The query of a search cannot be understood. `position` in `errors` is where it went wrong,
    in code points from 0."""

    code = "search-malformed"
    title = "The query cannot be understood"


class InvalidHeader(BadRequest):
    """A request header cannot be understood."""

    code = "invalid-header"
    title = "A request header is wrong"


class Unauthenticated(Problem):
    """No key was sent where one is needed, or the key is unknown, revoked or expired."""

    status = 401
    code = "unauthenticated"
    title = "A valid API key is needed"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="onrecord"'})


class Forbidden(Problem):
    """The key is valid, but lacks the scope named in `required_scope`."""

    status = 403
    code = "forbidden"
    title = "The API key lacks a scope"

    def __init__(self, required_scope: str) -> None:
        super().__init__(
            f"This needs a key with the scope “{required_scope}”.", required_scope=required_scope
        )


class ReadOnly(Problem):
    """This service takes no writes: it serves a copy (`ONRECORD_READ_ONLY`)."""

    status = 403
    code = "read-only"
    title = "This service takes no writes"

    def __init__(self) -> None:
        super().__init__("This is a copy that is only read: write to its source.")


class OutsideLimits(Problem):
    """The key may write, but not here: `section` or `channel` is where it was to, null where that
    is none."""

    status = 403
    code = "outside-limits"
    title = "The API key is limited to other places"


class NotFound(Problem):
    """There is nothing at this address."""

    status = 404
    code = "not-found"
    title = "There is nothing here"


class ResourceNotFound(NotFound):
    resource: ClassVar[str]

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no {self.resource} {name}.")


class ArticleNotFound(ResourceNotFound):
    """No article has this id or slug, or it is not public."""

    resource = "article"
    code = "article-not-found"
    title = "There is no such article"


class ItemNotFound(ResourceNotFound):
    """The channel has no item of this id: none was ever published, or it cannot be played."""

    resource = "item"
    code = "item-not-found"
    title = "There is no such item"


class QuoteNotFound(ResourceNotFound):
    """No quote has this id, or it is not public."""

    resource = "quote"
    code = "quote-not-found"
    title = "There is no such quote"


class EntityNotFound(ResourceNotFound):
    """No entity has this id or slug, or it is not public."""

    resource = "entity"
    code = "entity-not-found"
    title = "There is no such entity"


class SectionNotFound(ResourceNotFound):
    """No section has this id or path."""

    resource = "section"
    code = "section-not-found"
    title = "There is no such section"


class PublisherNotFound(ResourceNotFound):
    """No publisher has this id or slug."""

    resource = "publisher"
    code = "publisher-not-found"
    title = "There is no such publisher"


class ChannelNotFound(ResourceNotFound):
    """No channel has this id or slug."""

    resource = "channel"
    code = "channel-not-found"
    title = "There is no such channel"


class ProgrammeNotFound(ResourceNotFound):
    """The channel has no programme of this id."""

    resource = "programme"
    code = "programme-not-found"
    title = "There is no such programme"


class BulletinNotFound(ResourceNotFound):
    """The channel has no bulletin of this id."""

    resource = "bulletin"
    code = "bulletin-not-found"
    title = "There is no such bulletin"


class MediaNotFound(ResourceNotFound):
    """No media has this id, or it is not public."""

    resource = "media"
    code = "media-not-found"
    title = "There is no such media"


class KeyNotFound(ResourceNotFound):
    """There is no API key of this id."""

    resource = "key"
    code = "key-not-found"
    title = "There is no such API key"


class TrashedArticleNotFound(ResourceNotFound):
    """No article of this id is in the trash."""

    resource = "deleted article"
    code = "trashed-article-not-found"
    title = "There is no such article in the trash"


class DraftNotFound(ResourceNotFound):
    """The article has no draft beside it."""

    resource = "draft of"
    code = "draft-not-found"
    title = "There is no draft"


class PreviewLinkExpired(Problem):
    """The preview link held until an instant that has passed; whoever gave it can give another."""

    status = 410
    code = "preview-link-expired"
    title = "The preview link has expired"


class WebhookNotFound(ResourceNotFound):
    """There is no webhook of this id."""

    resource = "webhook"
    code = "webhook-not-found"
    title = "There is no such webhook"


class DeliveryNotFound(ResourceNotFound):
    """The webhook has no delivery of this id, or it is kept no more."""

    resource = "delivery"
    code = "delivery-not-found"
    title = "There is no such delivery"


class RevisionNotFound(ResourceNotFound):
    """The article has no revision of this number."""

    resource = "revision"
    code = "revision-not-found"
    title = "There is no such revision"


class ArticleWithdrawn(Problem):
    """The article was taken back; `detail` is what the newsroom says of it."""

    status = 410
    code = "article-withdrawn"
    title = "The article was withdrawn"


class ArticleNotYetCreated(NotFound):
    """The article was not there yet at the instant `as_of`."""

    code = "article-not-yet-created"
    title = "The article was not there yet"


class LeaseNotFound(NotFound):
    """Nobody holds a lease on the article, or it is over."""

    code = "lease-not-found"
    title = "There is no lease"


class RevisionPurged(Problem):
    """What the revision held was taken away for good, at `purged_at`."""

    status = 410
    code = "revision-purged"
    title = "The revision was purged"


class PositionTooOld(Problem):
    """What the journal told after this position is not kept any more: read the content anew, and
    then what has changed since `start_again`."""

    status = 410
    code = "position-too-old"
    title = "The position is too old"


class ItemWithdrawn(Problem):
    """The item was published once, and is no more."""

    status = 410
    code = "item-withdrawn"
    title = "The item was withdrawn"


class MethodNotAllowed(Problem):
    """The address exists, but not for this method; `Allow` names those that it takes."""

    status = 405
    code = "method-not-allowed"
    title = "The method is not allowed here"


class NotAcceptable(Problem):
    """None of the media types in Accept can be served; `supported` lists those that can."""

    status = 406
    code = "not-acceptable"
    title = "No acceptable format"


class UnsupportedMediaType(Problem):
    """The body's Content-Type is not one that this operation reads; `supported` lists them."""

    status = 415
    code = "unsupported-media-type"
    title = "The body's media type is not supported"


class ContentTooLarge(Problem):
    """The body, or a part of it, is larger than a limit that `detail` names."""

    status = 413
    code = "content-too-large"
    title = "The content is too large"


# The resource's state


class Conflict(Problem):
    """The write contradicts something else that is kept."""

    status = 409
    code = "conflict"
    title = "The write conflicts with what is kept"


class PositionUnknown(Conflict):
    """The position is one of another database's journal, or lies beyond the end of this one: read
    the content anew, and then what has changed since `start_again`."""

    code = "position-unknown"
    title = "The journal has no such position"


class SlugTaken(Conflict):
    """Another resource has this slug or path now, or had it and redirects from it."""

    code = "slug-taken"
    title = "The slug is taken"


class IdTaken(Conflict):
    """An id can be used once, and this one belongs to something else, or did."""

    code = "id-taken"
    title = "The id is taken"


class AlreadyPublic(Conflict):
    """Readers know the article already: neither an embargo nor a later date takes that back.
    Withdraw it first."""

    code = "already-public"
    title = "The article is public already"


class DraftOutdated(Conflict):
    """The article was changed since the draft went out from it, and to publish the draft would take
    that back: `changed` names the members. Save the draft with the present `base_revision`."""

    code = "draft-outdated"
    title = "The draft does not know the latest changes"


class ExternalIdTaken(Conflict):
    """An external id names one entity only; `conflicting_id` has this one."""

    code = "external-id-taken"
    title = "The external id belongs to another entity"


class ResourceInUse(Conflict):
    """The resource cannot be deleted, nor media become another kind, while others refer to it."""

    code = "resource-in-use"
    title = "The resource is in use"


class RevisionInUse(Conflict):
    """The revision cannot be purged: it is the article's present one, or `quotes` that have lost
    their place stood last in it, and find their way back by it."""

    code = "revision-in-use"
    title = "The revision is in use"


class ScheduleClash(Conflict):
    """The channel shows something else at that time: `clash` is what, with its id, title and
    instants."""

    code = "schedule-clash"
    title = "Something else is shown at that time"


class ScheduleFrozen(Conflict):
    """What is shown within the next 48 hours is with the channel's partners already; `force=true`
    changes it nevertheless."""

    code = "schedule-frozen"
    title = "The schedule is frozen at that time"


class AnchorConflict(Conflict):
    """A quote has not one place that could be accepted, but none or several: `proposals`."""

    code = "anchor-conflict"
    title = "There is not one place to accept"


class KeyRevoked(Conflict):
    """The API key was revoked, and is changed no more."""

    code = "key-revoked"
    title = "The API key was revoked"


class LastAdminKey(Conflict):
    """No other key with the scope `admin` is valid: it cannot be revoked, nor lose that scope."""

    code = "last-admin-key"
    title = "It is the last key that may manage keys"


class LeaseHeld(Conflict):
    """Somebody else is at work on the article: `lease` is by whom it is held, and until when;
    `take_over=true` takes it nevertheless."""

    code = "lease-held"
    title = "Somebody else holds the lease"


class WebhookDisabled(Conflict):
    """The webhook is disabled, and nothing is sent to it. Enable it first."""

    code = "webhook-disabled"
    title = "The webhook is disabled"


class PatchTestFailed(Conflict):
    """A `test` operation of a JSON Patch did not hold; nothing was saved."""

    code = "patch-test-failed"
    title = "A test in the patch failed"


class NotDone(Problem):
    """A line of an atomic bulk request, which was not done since another line, `failed_line`,
    could not be."""

    status = 424
    code = "not-done"
    title = "Another line failed"

    def __init__(self, failed_line: int) -> None:
        super().__init__(
            f"Nothing was done, since line {failed_line} failed.", failed_line=failed_line
        )


class PreconditionFailed(Problem):
    """If-Match does not name the current revision, or If-None-Match names an existing resource.
    `lease` is there where somebody else holds one on the article."""

    status = 412
    code = "precondition-failed"
    title = "The resource is not in the expected state"


class PreconditionRequired(Problem):
    """A change needs If-Match with the ETag that was read (a creation, `If-None-Match: *`)."""

    status = 428
    code = "precondition-required"
    title = "A precondition is required"


class RateLimited(Problem):
    """The key, or without one the address, has sent as many requests as it may for now;
    `violated-policies` names the policies. Try again after Retry-After seconds."""

    status = 429
    code = "rate-limited"
    title = "Too many requests"


# The content


class Unprocessable(Problem):
    status = 422


class ValidationError(Unprocessable):
    """The body is well-formed, but its content is not valid; `errors` points at each fault."""

    code = "validation-error"
    title = "The content is not valid"


class ReferenceNotFound(ValidationError):
    """The body refers to a resource that does not exist."""

    code = "reference-not-found"
    title = "A referenced resource does not exist"


class EntityAmbiguous(ValidationError):
    """Several entities have this name; `candidates` lists them, to be named by id."""

    code = "entity-ambiguous"
    title = "The name means more than one entity"


class PatchNotApplicable(Unprocessable):
    """The patch is well-formed, but does not fit the resource."""

    code = "patch-not-applicable"
    title = "The patch cannot be applied"


class DraftNotPublishable(Unprocessable):
    """Quotes that are public would no longer stand in the article: each of `errors` has the `quote`
    (its id), its words, its `anchor` then, and `proposals`, where it may stand."""

    code = "draft-not-publishable"
    title = "The draft cannot be published"


class NotVerbatim(Unprocessable):
    """The words do not stand in the article. Each of `errors` carries the nearest passage
    (`nearest`: start, end, exact, score) and the word-level `difference` to it."""

    code = "quote-not-verbatim"
    title = "The quote is not word for word the article's"


class Ambiguous(Unprocessable):
    """The words stand in the article more than once, and neither offsets nor context say which.
    Each of `errors` carries the `candidates` with their spans and context."""

    code = "quote-ambiguous"
    title = "The quote stands more than once"


class ScheduleInvalid(Unprocessable):
    """A publication lies in the past, or ends before it begins; `errors` points at the instant."""

    code = "schedule-invalid"
    title = "The schedule cannot be kept"


class IdempotencyKeyReused(Unprocessable):
    """The Idempotency-Key was used before for another request body."""

    code = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"


# The service


class Unavailable(Problem):
    status = 503

    def __init__(self, detail: str, *, retry_after_seconds: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


class DatabaseBusy(Unavailable):
    """Another writer held the database for too long; nothing was changed. Try again after
    Retry-After seconds."""

    code = "database-busy"
    title = "The database is busy"


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached, or cannot store anything now; nothing was changed. Try
    again after Retry-After seconds."""

    code = "database-unavailable"
    title = "The database is unavailable"


class SearchTimeout(Unavailable):
    """The search took longer than it may. A more telling query takes less."""

    code = "search-timeout"
    title = "The search took too long"


class ExtractionBusy(Unavailable):
    """Too many texts wait to be read. Try again after Retry-After seconds."""

    code = "extraction-busy"
    title = "The extraction is busy"


class ExtractionModelMissing(Problem):
    """The language model that the service is set to use is not installed; `detail` names what
    brings it. Nothing but extraction needs it."""

    status = 503
    code = "extraction-model-missing"
    title = "The language model is not installed"


class Moved(Exception):
    """Not an error: the resource answers under another name now (308)."""

    def __init__(self, former_name: str, current_name: str) -> None:
        super().__init__(f"{former_name} is now {current_name}")
        self.former_name = former_name
        self.current_name = current_name
