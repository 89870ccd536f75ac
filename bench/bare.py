"""The bare limit: a Flask view without sign-in that runs the product's SQL and sends the rows.

No session, no permission, no schema, no row security; the same server and the same statement.
"""

import json
import os
import sys

import orjson
from flask import Flask, Response, request
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from bench.statement import Statement
from jinzhu.server import listen

ADDRESS, STATEMENT = "BENCH_DATABASE", "BENCH_STATEMENT"


def bare_app() -> Flask:
    """Build the application; the statement comes from the environment."""
    app = Flask("bare", static_folder=None)
    statement = Statement(**json.loads(os.environ[STATEMENT]))
    pool = ConnectionPool(
        os.environ[ADDRESS], min_size=4, max_size=8, open=True, kwargs={"autocommit": True}
    )

    @app.get("/items")
    def items() -> Response:
        given = request.args
        page = int(given["page"])
        values = statement.given(
            center=int(given["center"]), item_type=given["item_type"], page=page
        )
        with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(statement.sql.encode(), values).fetchall()
        total = rows[0]["_total"] if rows else 0
        for row in rows:
            del row["_total"]
        body = {"rows": rows, "total": total, "page": page, "per_page": len(rows)}
        return Response(orjson.dumps(body, default=str), mimetype="application/json")

    @app.get("/ready")
    def ready() -> str:
        return "ready"

    return app


if __name__ == "__main__":
    listen("bench.bare_wsgi:app", port=int(sys.argv[1]))
