"""JSON columns, read and written by the same fast library as the API's documents."""

import orjson

loads = orjson.loads


def dumps(value: object) -> str:
    """JSON as text; an instant becomes RFC 3339 with `Z`, as in the API."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()
