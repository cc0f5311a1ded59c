"""Documents to bytes and back."""

from typing import Any

import orjson


def dump(document: object) -> bytes:
    """JSON in UTF-8; instants as RFC 3339 in UTC with `Z`."""
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


# Any: what JSON holds
def plain(document: object) -> Any:
    """The document as a client sees it: of JSON's own types alone."""
    return orjson.loads(dump(document))
