"""The real list of 广安区, against the catalogue made of it."""

from importlib.resources import files

from jinzhu.core.db import db
from jinzhu.demo import catalogue
from jinzhu.standards.own import own_import, own_items, takeover, takeover_acts

#: The first of 1,135 lines: those of all kinds of departments are among them.
LINES = 400
QUERY = {"page": 1, "per_page": 20, "sort": "", "q": "", "match": ""}
OWN = {"page": 1, "per_page": 1, "sort": "", "q": "", "item_type": "", "department": ""}


def test_the_list_a_county_has_is_read_matched_and_taken_over(at, office, centers):
    office.push(office.publish(*catalogue.departments(), *catalogue.items()), "广安区")
    whole = (files("jinzhu") / "data" / "items_guangan_sichuan.csv").read_bytes()
    given = b"\n".join(whole.split(b"\n")[:LINES])
    with at("广安区"):
        read = own_import.read(given, apply=True)
        assert read["counts"]["refused"] < 15, read["counts"]
        assert {"item_name", "department", "task_type_code"} <= set(read["columns"])
        total = own_items.page(OWN)["total"]
        assert total == read["counts"]["new"]
        found = takeover.page(QUERY)
        counts = found["counts"]
        assert counts["code"] + counts["name"] == total
        taken = takeover_acts.take(takeover_acts.sure_pairs())
        assert taken["taken"] == found["sure"] > 0.95 * total
        db.session.expire_all()
        assert own_items.page(OWN)["total"] == total - taken["taken"]
