"""What a line of a bulk request holds."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.web.writing import WriteModel

Method = Literal["POST", "PUT", "PATCH", "DELETE"]


class BulkLine(WriteModel):
    """One write, as a request of its own would be: `content` is the body, `if_match` and
    `if_none_match` are the headers. Of a PATCH, an object is a merge patch and a list a JSON
    Patch."""

    method: Method
    path: Annotated[str, Field(min_length=1, max_length=1000)]
    content: Any = None  # Any: the path says what it is to be
    if_match: Annotated[str, Field(max_length=1000)] | None = None
    if_none_match: Literal["*"] | None = None
