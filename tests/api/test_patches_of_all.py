"""Both forms of PATCH on every resource that takes it, and what none of them may set."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.database.session import Database
from app.models.key import Scope
from app.web.application import Application
from tests.builders import ANY, Document, pointers_of, problem_of, saved
from tests.writing import WRITES, Write, a_newsroom, changed, dump

MERGE = {**ANY, "Content-Type": "application/merge-patch+json"}
OPERATIONS = {**ANY, "Content-Type": "application/json-patch+json"}
PATCHES = [write for write in WRITES if write.method == "PATCH"]


@pytest.fixture
def names(client: TestClient, keys: dict[Scope, str]) -> dict[str, str]:
    client.headers["Authorization"] = f"Bearer {keys['admin']}"
    return a_newsroom(client)


def as_operations(patch: Document) -> list[Document]:
    return [{"op": "add", "path": f"/{name}", "value": value} for name, value in patch.items()]


def read_only(app: Application, write: Write, document: Document) -> Iterator[str]:
    """Members that are served, and cannot be sent."""
    document_of_api = app.openapi()
    content = document_of_api["paths"][write.path]["patch"]["requestBody"]["content"]
    name = content["application/merge-patch+json"]["schema"]["$ref"].rpartition("/")[2]
    taken = document_of_api["components"]["schemas"][name]["properties"]
    yield from (member for member in document if member not in taken)


def another(value: Any) -> Any:  # Any: what JSON holds
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value, "more"]
    return "2020-01-01T00:00:00Z"


def patched_part(document: Document) -> Document:
    """What a patch is applied to: the document as it is served, or a draft's content."""
    part: Document = document.get("content", document)
    return part


def test_both_forms_change_the_same(client: TestClient, names: dict[str, str]) -> None:
    for write in PATCHES:
        address = write.address(names)
        assert isinstance(write.body, dict)
        before = saved(client.get(address))
        merged = saved(client.patch(address, json=write.body, headers=MERGE))
        back = {name: patched_part(before)[name] for name in write.body}
        operations = as_operations(back)

        returned = saved(client.patch(address, json=operations, headers=OPERATIONS))

        part = patched_part(merged)
        assert {name: part[name] for name in write.body} == write.body, address
        assert returned == {**before, "revision": before["revision"] + 2}, address


def test_what_the_service_sets_is_set_by_no_patch(
    app: Application, client: TestClient, names: dict[str, str], database: Database
) -> None:
    walked = 0
    for write in PATCHES:
        address = write.address(names)
        document = saved(client.get(address))
        before = dump(database)
        for member in read_only(app, write, document):
            patch = {**write.body, member: another(document[member])}  # type: ignore[dict-item]
            refused = [
                client.patch(address, json=patch, headers=MERGE),
                client.patch(address, json=as_operations(patch), headers=OPERATIONS),
            ]
            for response in refused:
                assert problem_of(response) == (422, "validation-error"), (address, member)
                assert pointers_of(response) == [f"/{member}"], address
            walked += 1
        assert changed(before, dump(database)) == set()

    # At least these of each resource: its id, revision and dates.
    assert walked >= 4 * len(PATCHES)
