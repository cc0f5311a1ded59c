"""JSON in pieces, so that a long feed never stands in memory as a whole."""

from collections.abc import Iterable, Iterator, Mapping

from app.web.json import dump

PIECE_BYTES = 32 * 1024


def iter_json(
    head: Mapping[str, object], name: str, items: Iterable[object], tail: Mapping[str, object]
) -> Iterator[bytes]:
    """The object of `head`, the list `name` of the items, and `tail`."""
    gathered = [dump(head)[:-1], b"," if head else b"", dump(name), b":["]
    size = 0
    for number, item in enumerate(items):
        piece = dump(item)
        gathered += [b",", piece] if number else [piece]
        size += len(piece)
        if size >= PIECE_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    gathered += [b"]", b"," if tail else b"", dump(tail)[1:]]
    yield b"".join(gathered)
