"""What is answered of each line of a bulk request."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.documents.leases import LeaseRead
from app.documents.problems import ProblemRead


class BulkResult(TypedDict):
    """What came of one line: `status` is the one that a request of its own would have had. `etag`
    may be sent in If-Match; `location` is there when something was created, or has another name.
    `lease` says who else holds one on the article; `replayed`, that the line was done before, under
    the same Idempotency-Key."""

    line: int
    status: int
    id: NotRequired[str]
    revision: NotRequired[int]
    etag: NotRequired[str]
    location: NotRequired[str]
    lease: NotRequired[LeaseRead]
    replayed: NotRequired[bool]
    problem: NotRequired[ProblemRead]
