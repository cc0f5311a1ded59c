"""What an edit of a text left alone."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from app.quotes.typography import TOKEN, Span

_LINE = regex.compile(r"[^\n]+")
# So many tokens in a row that stand once on either side are no coincidence.
_SHINGLE = 4
# How often a token may be looked at on average, and how many at all, where lines have changed:
# beyond that, less is recognised.
_MOST_LOOKS = 6
_MOST_TOKENS = 500_000

# From where to where in its text. A range of old ones and one of new. Equal ones: from where in
# both, and how many.
_Token = tuple[int, int]
_Gap = tuple[int, int, int, int]
_Block = tuple[int, int, int]


class Run(NamedTuple):
    """A stretch that both texts have, at two places."""

    old_start: int
    new_start: int
    length: int


def unchanged_runs(old: str, new: str) -> list[Run]:
    """What an edit left alone or moved as a whole line, in the order of the old text.

    Lines first, then the words of those that have changed. Both are known by what stands once on
    either side, and grown from there, never from the ends inwards: when the first of two lines that
    begin alike goes, the second is what stayed.
    """
    if old == new:
        return [Run(0, 0, len(old))] if old else []
    ours, theirs = _tokens(old, _LINE), _tokens(new, _LINE)
    blocks = sorted(_blocks(_keys(old, ours), _keys(new, theirs), 1))
    # The ends of the text, so that a beginning or an end that did not change joins what is next.
    runs = [Run(0, 0, 0), Run(len(old), len(new), 0)]
    runs += _runs_of(old, new, ours, theirs, blocks)
    gaps = _gaps(blocks, len(ours), len(theirs))
    moved = _moved_lines(_keys(old, ours), _keys(new, theirs), gaps)
    runs += _runs_of(old, new, ours, theirs, [(i, j, 1) for i, j in moved.items()])
    arrived = set(moved.values())
    for i, i_end, j, j_end in gaps:
        left = [line for k, line in enumerate(ours[i:i_end], i) if k not in moved]
        right = [line for k, line in enumerate(theirs[j:j_end], j) if k not in arrived]
        mine = [token for line in left for token in _tokens(old, TOKEN, line)]
        others = [token for line in right for token in _tokens(new, TOKEN, line)]
        blocks = sorted(_blocks(_keys(old, mine), _keys(new, others), _SHINGLE))
        runs += _runs_of(old, new, mine, others, blocks)
    return _joined(old, new, sorted(runs))


def moved_spans(runs: Sequence[Run], spans: Iterable[Span]) -> list[Span | None]:
    """Where the runs carry each span; None for one that no run holds whole."""
    starts = [run.old_start for run in runs]
    return [moved_span(runs, starts, span) for span in spans]


def moved_span(runs: Sequence[Run], starts: Sequence[int], span: Span) -> Span | None:
    """Where the runs, which begin at `starts`, carry a span; None if no run holds it whole."""
    index = bisect_right(starts, span.start) - 1
    if index < 0 or span.end > runs[index].old_start + runs[index].length:
        return None
    shift = runs[index].new_start - runs[index].old_start
    return Span(span.start + shift, span.end + shift)


def _tokens(text: str, pattern: regex.Pattern[str], within: _Token | None = None) -> list[_Token]:
    start, end = within or (0, len(text))
    return [match.span() for match in pattern.finditer(text, start, end)]


def _keys(text: str, tokens: Iterable[_Token]) -> list[str]:
    return [text[start:end] for start, end in tokens]


def _runs_of(
    old: str, new: str, ours: Sequence[_Token], theirs: Sequence[_Token], blocks: Iterable[_Block]
) -> list[Run]:
    runs = []
    for i, j, count in blocks:
        start, end, new_start = ours[i][0], ours[i + count - 1][1], theirs[j][0]
        if old[start:end] == new[new_start : new_start + end - start]:
            runs.append(Run(start, new_start, end - start))
        else:
            # What is between the tokens is not the same.
            pairs = zip(ours[i : i + count], theirs[j : j + count], strict=True)
            runs += [Run(mine[0], other[0], mine[1] - mine[0]) for mine, other in pairs]
    return runs


def _moved_lines(old: Sequence[str], new: Sequence[str], gaps: Iterable[_Gap]) -> dict[int, int]:
    """Lines that stand once on either side, but in another order than those around them."""
    ours = _standing_once(old, 0, len(old), 1)
    theirs = _standing_once(new, 0, len(new), 1)
    left = [ours.get((old[k],)) for i, i_end, _, _ in gaps for k in range(i, i_end)]
    return {i: theirs[(old[i],)] for i in left if i is not None and (old[i],) in theirs}


def _blocks(old: Sequence[str], new: Sequence[str], width: int) -> Iterator[_Block]:
    """Equal stretches (start, start, length), each grown from `width` items that stand once."""
    if max(len(old), len(new)) > _MOST_TOKENS:
        return
    looks = _MOST_LOOKS * (len(old) + len(new))
    ranges = [(0, len(old), 0, len(new))]
    while ranges and looks > 0:
        i, i_end, j, j_end = ranges.pop()
        looks -= i_end - i + j_end - j
        anchors = _anchors(old, new, (i, i_end, j, j_end), width)
        for first, second in anchors:
            if first < i or second < j:
                continue
            x, y, count = first, second, width
            while x > i and y > j and old[x - 1] == new[y - 1]:
                x, y, count = x - 1, y - 1, count + 1
            while x + count < i_end and y + count < j_end and old[x + count] == new[y + count]:
                count += 1
            yield x, y, count
            ranges.append((i, x, j, y))
            i, j = x + count, y + count
        if anchors:
            ranges.append((i, i_end, j, j_end))


def _anchors(
    old: Sequence[str], new: Sequence[str], gap: _Gap, width: int
) -> list[tuple[int, int]]:
    """The longest chain, rising on both sides, of what stands once in either range."""
    ours = _standing_once(old, gap[0], gap[1], width)
    theirs = _standing_once(new, gap[2], gap[3], width)
    pairs = [(i, theirs[item]) for item, i in ours.items() if item in theirs]
    lowest: list[int] = []
    last_of: list[int] = []
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(lowest, j)
        previous.append(last_of[length - 1] if length else -1)
        lowest[length : length + 1] = [j]
        last_of[length : length + 1] = [index]
    chain = []
    index = last_of[-1] if last_of else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _standing_once(
    items: Sequence[str], start: int, end: int, width: int
) -> dict[tuple[str, ...], int]:
    if end - start < width:
        return {}
    seen: dict[tuple[str, ...], int] = {}
    shingles = zip(*(items[start + k : end] for k in range(width)), strict=False)
    for index, shingle in enumerate(shingles):
        seen[shingle] = -1 if shingle in seen else start + index
    return {shingle: index for shingle, index in seen.items() if index >= 0}


def _gaps(blocks: Sequence[_Block], old_length: int, new_length: int) -> list[_Gap]:
    """What lies between the blocks on either side."""
    ends = [(0, 0), *((i + count, j + count) for i, j, count in blocks)]
    starts = [*((i, j) for i, j, _ in blocks), (old_length, new_length)]
    return [(i, i_end, j, j_end) for (i, j), (i_end, j_end) in zip(ends, starts, strict=True)]


def _joined(old: str, new: str, runs: Sequence[Run]) -> list[Run]:
    """Runs with the same text between them are one."""
    joined = [runs[0]]
    for run in runs[1:]:
        last = joined[-1]
        old_end, new_end = last.old_start + last.length, last.new_start + last.length
        gap = run.old_start - old_end
        if (
            gap == run.new_start - new_end
            and old[old_end : old_end + gap] == new[new_end : run.new_start]
        ):
            length = run.old_start + run.length - last.old_start
            joined[-1] = Run(last.old_start, last.new_start, length)
        else:
            joined.append(run)
    return [run for run in joined if run.length]
