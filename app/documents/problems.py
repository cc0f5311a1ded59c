"""The problem document that every error is answered with."""

from typing import NotRequired

from typing_extensions import TypedDict


class ProblemPlace(TypedDict):
    """A place at fault: in the body (`pointer`, RFC 6901), the query or a header."""

    detail: str
    pointer: NotRequired[str]
    parameter: NotRequired[str]
    header: NotRequired[str]


class ProblemRead(TypedDict):
    """An RFC 9457 problem. Clients switch on `code`; the address in `type` explains it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: NotRequired[list[ProblemPlace]]
