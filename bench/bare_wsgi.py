"""WSGI entry point of the bare limit."""

from bench.bare import bare_app

app = bare_app()
