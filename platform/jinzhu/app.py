"""The application factory: the one place where everything meets."""

from dataclasses import replace
from typing import Any

from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from jinzhu import console, modules
from jinzhu.config import Settings, sqlalchemy_url
from jinzhu.core import guard, jobs, problems
from jinzhu.core.db import db
from jinzhu.core.http import Application
from jinzhu.identity import sessions
from jinzhu.portal import pages

DESCRIPTION = """How departments, items and people enter a government service center.

Sign in with `POST /api/session`; the answer holds `csrf_token`, which every request that changes
something sends as `X-CSRF-Token`.  Errors are `application/problem+json` (RFC 9457) in the language
of `Accept-Language`.  A change to an existing record names its version in `If-Match`."""


def create_app(settings: Settings | None = None, **config: Any) -> Application:
    """Build the application; refuse to start with a database role that could pass the boundary."""
    settings = settings or Settings.read()
    app = Application("jinzhu", static_folder=None)
    app.config.update(
        SETTINGS=settings,
        API_TITLE="Jinzhu",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": DESCRIPTION}},
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(settings.database_url),
        REDIS_URL=settings.redis_url,
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
    )
    app.config.update(config)
    db.init_app(app)
    jobs.init_app(app)
    sessions.init_app(app)
    for part in ("models", "acts", "finding", "listing", "jobs"):
        list(modules.load(part))
    app.extensions["api"] = api = Api(app)
    # After the library, whose own handler of HTTP errors would otherwise stand.
    problems.init_app(app)
    for module in modules.load("routes"):
        api.register_blueprint(module.routes)
    console.init_app(app)
    pages.init_app(app)
    if settings.proxies:
        # Who asks is what the last proxy says, and the one before it, as far as they are ours.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as WSGI layers are put on
            app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=1
        )
    if not app.config.get("WITHOUT_DATABASE"):
        with app.app_context():
            guard.refuse_roles_that_bypass(db.engine)
    return app


def documented_app() -> Application:
    """Build the application to read its routes from, without a database."""
    settings = replace(Settings.read(), database_url="postgresql://", redis_url="redis://")
    return create_app(settings, WITHOUT_DATABASE=True)
