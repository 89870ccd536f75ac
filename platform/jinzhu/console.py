"""The console and the API's documentation page: files, sent with what keeps a browser safe."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Response, send_from_directory
from whitenoise import WhiteNoise

from jinzhu.core import language
from jinzhu.core.http import Application
from jinzhu.core.problems import NotFound

DIST = Path(__file__).resolve().parents[2] / "frontend" / "dist"
#: `blob:` is what the page itself has fetched: a PDF or an image of a case, to be looked at.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; frame-src blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype in ("application/json", "application/problem+json"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _never_changes(_: str, url: str) -> bool:
    return url.startswith("/assets/")


def _add_headers(headers: Headers, _: str, __: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def init_app(app: Application) -> None:
    """Serve the built console; every path that is not the API's is the console's own."""
    app.after_request(_harden)
    if DIST.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way WSGI layers are put on
            app.wsgi_app,
            root=DIST,
            index_file=True,
            allow_all_origins=False,
            max_age=0,
            immutable_file_test=_never_changes,
            add_headers_function=_add_headers,
        )

    @app.get("/api/docs")
    def documentation() -> Response:
        """Show the documentation of the API."""
        return send_from_directory(DIST / "docs", "index.html")

    @app.get("/<path:page>")
    @app.get("/")
    def console(page: str = "") -> Response:
        """Show the console, which finds its own way from the address."""
        if (
            page.split("/")[0] in ("api", "health", "assets", "public")
            or "." in page.split("/")[-1]
        ):
            raise NotFound
        if not (DIST / "index.html").is_file():
            return Response(language.say("console.not_built"), 503, mimetype="text/plain")
        response = send_from_directory(DIST, "index.html")
        response.headers["Cache-Control"] = "no-cache"
        return response
