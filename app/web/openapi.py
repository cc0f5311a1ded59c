"""The OpenAPI 3.1 document: what FastAPI derives, and what it cannot know."""

from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.utils import create_model_field
from pydantic import TypeAdapter

from app.documents.problems import ProblemRead
from app.errors import problem_types
from app.web.conditional import OPTIONAL_MATCH
from app.web.negotiation import JSON
from app.web.problems import MEDIA_TYPE
from app.web.routing import LINES, LINES_TYPES, PATCH_TYPES, SCOPE, Route, reads_only

# Any: OpenAPI is open JSON
Json = dict[str, Any]

ALWAYS = (400, 401, 403, 405, 406, 429, 500, 503)
BY_METHOD = {
    "get": (),
    "post": (409, 413, 415, 422),
    "put": (409, 412, 413, 415, 422, 428),
    "patch": (409, 412, 413, 415, 422, 428),
    "delete": (409, 412, 428),
}
HEADERS: Json = {
    "ETag": {
        "description": "The entity tag of this representation: send it in If-Match to change the "
        "resource, in If-None-Match to read it only when it has changed.",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "The address of the new resource.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {
        "description": 'The address of the next page, with rel="next" (RFC 8288).',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "By each policy, how many requests are left (`r`), and in how many seconds "
        "there are more (`t`). Only where requests are limited, and this one was counted.",
        "schema": {"type": "string", "examples": ['"reads-60";r=599;t=60']},
    },
    "RateLimit-Policy": {
        "description": "The policies: so many requests (`q`) in so many seconds (`w`).",
        "schema": {"type": "string", "examples": ['"reads-60";q=600;w=60']},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "schema": {"type": "integer"},
    },
}
RATES = ("RateLimit", "RateLimit-Policy")
SECURITY: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "key": {
        "type": "apiKey",
        "in": "query",
        "name": "key",
        "description": "A read-only API key, for clients that cannot set headers.",
    },
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The entity tag that was read. Needed to change what exists.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "`*`: create at this id, but replace nothing.",
    "schema": {"type": "string", "enum": ["*"]},
}
IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A string of the client's choice: the same request under it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
}


def build_openapi(app: FastAPI) -> Json:
    for route in app.routes:
        if isinstance(route, Route) and route.document is not None:
            route.response_field = create_model_field(
                name=f"Response_{route.unique_id}", type_=route.document, mode="serialization"
            )
    document: Json = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/", "description": "This service"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components: Json = document.setdefault("components", {})
    schemas: Json = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    add_problem_schema(schemas)
    components["responses"] = problem_responses()
    components["headers"] = HEADERS
    components["securitySchemes"] = SECURITY
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            complete(operation, path, method, schemas)
    return document


def add_problem_schema(schemas: Json) -> None:
    schema = TypeAdapter(ProblemRead).json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schema["additionalProperties"] = True
    schemas["ProblemRead"] = schema


def problem_responses() -> Json:
    """One response a status, which names the codes that it can carry."""
    by_status: dict[int, list[str]] = {}
    for problem in problem_types():
        by_status.setdefault(problem.status, []).append(problem.code)
    return {
        f"Problem{status}": {
            "description": "Codes: " + ", ".join(f"`{code}`" for code in sorted(codes)) + ".",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemRead"}}},
            **({"headers": references(*RATES, "Retry-After")} if status == 429 else {}),
        }
        for status, codes in sorted(by_status.items())
    }


def references(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def complete(operation: Json, path: str, method: str, schemas: Json) -> None:
    responses = operation["responses"]
    # FastAPI's own, with a schema that is not ours.
    responses.pop("422", None)
    statuses = {*ALWAYS, *BY_METHOD[method]} - {405}
    if reads_only(operation):
        statuses.discard(409)
    if "{" in path or method != "get":
        statuses.add(404)
    if OPTIONAL_MATCH in operation.get("parameters", ()):
        statuses.add(412)
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if "{" in path:
        responses["308"] = {
            "description": "The resource has another name now.",
            "headers": references("Location"),
        }
    if LINES in operation:
        responses["200"]["content"] = {LINES_TYPES[0]: responses["200"]["content"][JSON]}
    for status, response in responses.items():
        if status in ("200", "201"):
            headers = response.setdefault("headers", {})
            headers |= references("ETag", *RATES)
            if status == "201":
                headers |= references("Location")
    if method == "get":
        responses["304"] = {"description": "The client has this representation already."}
    if (method == "get" or reads_only(operation)) and SCOPE not in operation:
        operation["security"] = [{}, {"bearer": []}, {"key": []}]
    else:
        operation["security"] = [{"bearer": []}]
    parameters = operation.setdefault("parameters", [])
    if method in ("put", "patch", "delete"):
        parameters.append(IF_MATCH)
    if method == "put":
        parameters.append(IF_NONE_MATCH)
    if method == "post" and not reads_only(operation):
        parameters.append(IDEMPOTENCY_KEY)
    patches = operation.pop("x-patches", None)
    if patches:
        operation["requestBody"] = patch_body(patches, schemas)


def patch_body(name: str, schemas: Json) -> Json:
    """The body of a PATCH: the write schema with nothing required and null for "take away"."""
    patch_name = name.removesuffix("Write") + "Patch"
    schema = deepcopy(schemas[name])
    schema.pop("required", None)
    schema["title"] = patch_name
    schema["description"] = "A merge patch: what is left out stays, null takes away."
    schema["properties"] = {
        field: {
            "anyOf": [
                {key: value for key, value in one.items() if key != "default"},
                {"type": "null"},
            ]
        }
        for field, one in schema["properties"].items()
    }
    schemas[patch_name] = schema
    operations = {
        "type": "array",
        "maxItems": 100,
        "items": {
            "type": "object",
            "required": ["op", "path"],
            "properties": {
                "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
                "path": {"type": "string"},
                "from": {"type": "string"},
                "value": {},
            },
        },
    }
    return {
        "required": True,
        "content": {
            PATCH_TYPES[0]: {"schema": {"$ref": f"#/components/schemas/{patch_name}"}},
            PATCH_TYPES[1]: {"schema": operations},
        },
    }
