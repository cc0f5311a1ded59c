"""`fields=` and `include=`: which members of a document are wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, NotRequired, Required, TypeVar, Union, get_args, get_origin

from starlette.requests import Request
from typing_extensions import get_type_hints, is_typeddict

from app.errors import InvalidParameter
from app.web.nearest import unknown

Tree = dict[str, "Tree"]

# Any: a document's members are of many types
D = TypeVar("D", bound=Mapping[str, Any])


@dataclass(frozen=True)
class Selection:
    """`fields` is a tree of names, or None for all; `include` names what is added."""

    fields: Tree | None = None
    include: frozenset[str] = field(default_factory=frozenset)

    def wants(self, member: str, *, by_default: bool = True) -> bool:
        """Whether a member of the document has to be read at all."""
        if self.fields is not None and (self.fields or not by_default):
            return member in self.fields or member in self.include
        return by_default or member in self.include

    def trim(self, document: D) -> D:
        if self.fields is None:
            return document
        wanted = {**self.fields, **{name: {} for name in self.include}}
        trimmed: D = trim(document, wanted)
        return trimmed


ALL = Selection()


# Any: any part of a document
def trim(value: Any, tree: Tree) -> Any:
    """The named members alone; an empty tree keeps all."""
    if not tree:
        return value
    if isinstance(value, list):
        return [trim(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: trim(value[name], below) for name, below in tree.items() if name in value}
    return value


def parse_fields(request: Request, document: type, include: Sequence[str] = ()) -> Selection:
    """The selection that a request for one resource asks for."""
    query = request.query_params
    for name in ("fields", "include"):
        if len(query.getlist(name)) > 1:
            raise refused(name, f"{name} is given more than once.")
    return parse_selection(
        document, include, fields=query.get("fields"), included=query.get("include")
    )


def parse_selection(
    document: type, include: Sequence[str], *, fields: str | None, included: str | None
) -> Selection:
    """Raises InvalidParameter naming an unknown field or inclusion, and the nearest known one."""
    tree: Tree | None = None
    if fields is not None:
        tree = {}
        known = members(document)
        for name in fields.split(","):
            branch, names = tree, known
            for part in name.strip().split("."):
                if part not in names:
                    raise refused("fields", unknown("field", name.strip(), names))
                branch = branch.setdefault(part, {})
                names = names[part]
    chosen = frozenset(filter(None, (included or "").split(",")))
    for name in chosen - set(include):
        raise refused("include", unknown("inclusion", name, include))
    return Selection(tree, chosen)


def refused(parameter: str, detail: str) -> InvalidParameter:
    return InvalidParameter(detail, errors=[{"parameter": parameter, "detail": detail}])


@cache
def members(document: Any) -> Tree:  # Any: a type, or what typing makes of one
    """The names of a typed document's members, and of theirs."""
    origin = get_origin(document)
    if origin in (Annotated, NotRequired, Required, list):
        return members(get_args(document)[0])
    if is_typeddict(document):
        return {name: members(hint) for name, hint in get_type_hints(document).items()}
    if origin is not None and (origin is Union or str(origin) == "<class 'types.UnionType'>"):
        return {name: below for part in get_args(document) for name, below in members(part).items()}
    return {}
