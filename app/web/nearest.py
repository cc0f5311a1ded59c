"""“Did you mean …?” for names that are not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """A sentence that says that a name is not known, with the nearest known one."""
    names = sorted(set(known))
    shown = name if len(name) <= 80 else name[:79] + "…"
    close = get_close_matches(name[:200], names, 1, 0.6)
    if close:
        return f"There is no {kind} “{shown}”. Did you mean “{close[0]}”?"
    if not names:
        return f"There is no {kind} “{shown}”; none is taken here."
    return f"There is no {kind} “{shown}”. Known: {', '.join(names)}."
