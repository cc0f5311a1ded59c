"""PATCH: merge patch (RFC 7396) and JSON Patch (RFC 6902), applied to the public document."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Protocol, TypeVar

import jsonpatch
import jsonpointer
import orjson
from fastapi import Request
from pydantic import BaseModel
from pydantic import ValidationError as PydanticError

from app.errors import MalformedRequest, PatchNotApplicable, PatchTestFailed, ValidationError
from app.web.json import plain
from app.web.problems import invalid_content
from app.web.writing import WriteModel

MAX_OPERATIONS = 100
MAX_PATCHED_BYTES = 4 * 1024 * 1024
NO_PARTS: Mapping[str, type[WriteModel]] = {}

M = TypeVar("M", bound=BaseModel)


class Patch(Protocol):
    # Any: what JSON holds
    def apply(self, document: Any, *, references: Sequence[str] = ()) -> Any: ...


class MergePatch:
    def __init__(self, patch: Any) -> None:
        self.patch = patch

    def apply(self, document: Any, *, references: Sequence[str] = ()) -> Any:
        # A reference names something: with another's id left in it, it would name that one.
        kept = {
            name: value
            for name, value in document.items()
            if name not in references or not isinstance(self.patch.get(name), dict)
        }
        return merge(kept, self.patch)


# Any: what JSON holds
def merge(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


class JsonPatch:
    """A list of operations, all or nothing. Raises MalformedRequest when it is none."""

    def __init__(self, operations: Any) -> None:
        if not isinstance(operations, list) or len(operations) > MAX_OPERATIONS:
            raise MalformedRequest(f"A JSON Patch is a list of up to {MAX_OPERATIONS} operations.")
        try:
            self.patches = [jsonpatch.JsonPatch([operation]) for operation in operations]
        except (jsonpatch.InvalidJsonPatch, jsonpointer.JsonPointerException, TypeError) as error:
            raise MalformedRequest(f"This is no JSON Patch: {error}.") from None

    def apply(self, document: Any, *, references: Sequence[str] = ()) -> Any:
        for index, patch in enumerate(self.patches):
            try:
                document = patch.apply(document)
            except jsonpatch.JsonPatchTestFailed:
                raise PatchTestFailed(
                    f"Operation {index}, a test, did not hold.",
                    errors=[{"pointer": f"/{index}", "detail": "The test did not hold."}],
                ) from None
            except (
                jsonpatch.JsonPatchException,
                jsonpointer.JsonPointerException,
                TypeError,
                ValueError,
                KeyError,
                IndexError,
            ) as error:
                raise PatchNotApplicable(
                    f"Operation {index} cannot be applied: {error}.",
                    errors=[{"pointer": f"/{index}", "detail": str(error)}],
                ) from None
            # A copy can double the document each time.
            if len(orjson.dumps(document)) > MAX_PATCHED_BYTES:
                raise PatchNotApplicable("The patched document is too large.")
        return document


async def read_patch(request: Request) -> Patch:
    """The patch in the request's body; plain `application/json` is read as a merge patch."""
    content = await request.json()
    if "json-patch" in request.headers.get("content-type", "").lower():
        return JsonPatch(content)
    return merge_patch(content)


def merge_patch(content: Any) -> MergePatch:  # Any: what JSON holds
    if not isinstance(content, dict):
        raise PatchNotApplicable("A merge patch of a resource is a JSON object.")
    return MergePatch(content)


def patched(
    current: object,
    patch: Patch,
    schema: type[M],
    *,
    read_only: Sequence[str],
    left_alone: Sequence[str] = (),
    references: Sequence[str] = (),
    parts: Mapping[str, type[WriteModel]] = NO_PARTS,
) -> M:
    """The current document with the patch applied, as what a client would send to replace it.

    A collection in `left_alone` that the patch does not touch is left out; one of `references` is
    replaced whole by a merge patch that touches it. `parts` are collections of what has read-only
    members of its own. Raises ValidationError when the result is not valid, or when a read-only
    member was changed.
    """
    before = plain(current)
    after = patch.apply(deepcopy(before), references=references)
    if not isinstance(after, dict):
        raise PatchNotApplicable("The patch leaves no object.")
    changed = [name for name in read_only if after.get(name) != before.get(name)]
    for name, part in parts.items():
        changed += changed_within(name, part.read_only, before, after)
    if changed:
        detail = "is set by the service and cannot be changed."
        raise ValidationError(
            f"{changed[0]} {detail}",
            errors=[{"pointer": f"/{name}", "detail": f"{name} {detail}"} for name in changed],
        )
    content = {
        name: value
        for name, value in after.items()
        if name not in read_only and not (name in left_alone and value == before.get(name))
    }
    for name in before.keys() - after.keys():
        field = schema.model_fields.get(name)
        if field is not None and not field.is_required():
            # Taken away on purpose, which is not the same as not sent.
            content[name] = field.get_default(call_default_factory=True)
    try:
        return schema.model_validate(content)
    except PydanticError as error:
        raise invalid_content(error) from None


# Any: what JSON holds
def changed_within(
    collection: str, read_only: frozenset[str], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[str]:
    """Where read-only members of a collection's items, known by their ids, were changed."""
    known = {item["id"]: item for item in before[collection]}
    items = after.get(collection)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            continue
        former = known.get(item["id"], {})
        for name in sorted(read_only & item.keys() & former.keys()):
            if item[name] != former[name]:
                yield f"{collection}/{index}/{name}"
