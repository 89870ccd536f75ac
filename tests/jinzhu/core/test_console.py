"""The files of the console: sent with what keeps a browser safe, and to our own pages only."""

import pytest
from flask import Flask

from jinzhu import console


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A console of two files, and the browser in front of it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "page-1a2b3c.js").write_text("1")
    (tmp_path / "mark.svg").write_text("<svg/>")
    monkeypatch.setattr(console, "DIST", tmp_path)
    app = Flask("console")
    console.init_app(app)
    return app.test_client()


@pytest.mark.parametrize("path", ["/mark.svg", "/assets/page-1a2b3c.js"])
def test_a_file_is_sent_hardened_and_no_other_site_may_read_it(built, path):
    with built.get(path, headers={"Origin": "https://elsewhere.example"}) as answer:
        headers = dict(answer.headers)
    assert answer.status_code == 200
    assert {name: headers[name] for name in console.HEADERS} == console.HEADERS
    assert "Access-Control-Allow-Origin" not in headers


def test_what_bears_its_content_in_its_name_is_kept_and_the_rest_is_asked_for_again(built):
    with built.get("/assets/page-1a2b3c.js") as named, built.get("/mark.svg") as plain:
        assert "immutable" in named.headers["Cache-Control"]
        assert "max-age=0" in plain.headers["Cache-Control"]
