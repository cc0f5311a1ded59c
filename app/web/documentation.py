"""The documentation page, which works without the internet, and the pages of problem types."""

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.errors import NotFound, Problem, problem_types
from app.web.conditional import digest_of, is_unchanged
from app.web.json import dump


def install_documentation(app: FastAPI) -> None:
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_swagger", "resources")]))
    app.add_route("/docs", show_docs, include_in_schema=False)
    app.add_route("/openapi.json", show_openapi, include_in_schema=False)
    app.add_route("/problems", list_problems, include_in_schema=False)
    app.add_route("/problems/{code}", show_problem, include_in_schema=False)


async def show_docs(request: Request) -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Onrecord API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon-32x32.png",
        # Closed: so many operations at once take the page long to show, and people long to read.
        swagger_ui_parameters={"defaultModelsExpandDepth": 0, "docExpansion": "none"},
    )


async def show_openapi(request: Request) -> Response:
    # The first time, it is built: others need not wait for it.
    body = dump(await run_in_threadpool(request.app.openapi))
    headers = {"ETag": f'"{digest_of(body)}"', "Cache-Control": "public, no-cache"}
    if is_unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def list_problems(request: Request) -> Response:
    return Response(
        dump({"items": [described(problem) for problem in problem_types()]}),
        media_type="application/json",
    )


async def show_problem(request: Request) -> Response:
    code = request.path_params["code"]
    for problem in problem_types():
        if problem.code == code:
            return Response(dump(described(problem)), media_type="application/json")
    raise NotFound(f"There is no problem type {code}.")


def described(problem: type[Problem]) -> dict[str, object]:
    return {
        "code": problem.code,
        "title": problem.title,
        "status": problem.status,
        "meaning": " ".join((problem.__doc__ or "").split()),
    }
