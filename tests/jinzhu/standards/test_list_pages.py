"""A list asks the database as often for many rows as for few."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.models import Edition, Revision, Rollout, Standard
from jinzhu.standards.records import bulk
from tenants.item.models import Item

PAGES = [
    ("province", "/api/centers"),
    ("province", "/api/standards"),
    ("province", "/api/standards/{standard}/editions"),
    ("province", "/api/editions/{draft}/provisions"),
    ("province", "/api/editions/{draft}/changes"),
    ("province", "/api/editions/{edition}/provisions"),
    ("province", "/api/editions/{edition}/changes"),
    ("province", "/api/rollouts"),
    ("province", "/api/rollouts/{rollout}/deliveries"),
    ("province", "/api/coverage?kind=item"),
    ("province", "/api/coverage?kind=department"),
    ("province", "/api/search?q=事项"),
    ("province", "/api/items/of/{county}"),
    ("province", "/api/departments/of/{county}"),
    ("province", "/api/desk"),
    ("county", "/api/items"),
    ("county", "/api/items?state=conflict"),
    ("county", "/api/items/duties"),
    ("county", "/api/departments"),
    ("county", "/api/departments/duties"),
    ("county", "/api/items/{item}"),
    ("county", "/api/items/{item}/history"),
    ("county", "/api/conflicts"),
    ("county", "/api/conflicts?state="),
    ("county", "/api/desk"),
]
#: These show centers, whose number stays; every other list must really have grown.
SAME = {"centers", "coverage", "deliveries", "desk", "items/{item}"}


#: The desk puts together what waits for somebody, from every record type there is.
MOST = {"county /api/desk": 48}


def _number(code: str) -> int:
    """Return the number of a department's provision."""
    of = select(Revision.provision_id).where(Revision.code == code, Revision.kind == "department")
    return db.session.scalars(of).first()


def _written(edition_id: int, *entries) -> int:
    """Write provisions into a draft."""
    editions.put_many(edition_id, entries)
    return edition_id


@pytest.fixture
def grow(province, an_item, at):
    """Let the county offer items with limits of its own, then push an edition that breaks them."""

    def grown(*codes: str) -> None:
        office = {"name": f"{codes[0]}局", "department_class": "government", "entry_force": "shall"}
        department = ("department", codes[0], office, {}, {"levels": ["county"]})
        province.rollout(province.publish(department, *(an_item(code) for code in codes)))
        with at("广安区"):
            known = select(Revision.code, Revision.provision_id).where(Revision.code.in_(codes))
            found = dict(db.session.execute(known.where(Revision.kind == "item")).all())
            numbers = list(found.values())
            bulk.claim_many("department", [_number(codes[0])], claim="offered")
            bulk.claim_many("item", numbers, claim="offered")
            bulk.set_local_many("item", {number: {"committed_limit": 9} for number in numbers})
        tighter = (an_item(code, committed_limit=5) for code in codes)
        province.rollout(province.publish(*tighter))
        with at("四川省", "standards_officer"):
            other = editions.create_standard(code=f"S{codes[0]}", name="另一目录")
            publication.publish(_written(editions.open_draft(other, title="版次"), department))
            draft = editions.open_draft(province.standard_id, title="草案")
            editions.put_many(draft, [an_item(code, committed_limit=4) for code in codes])

    return grown


@pytest.fixture
def discard(province, at):
    """Throw the draft away, so that the next edition can be written."""

    def discarded() -> None:
        with at("四川省", "standards_officer"):
            draft = select(Edition).where(Edition.number.is_(None))
            editions.discard(db.session.scalars(draft).one())

    return discarded


@pytest.fixture
def ask(app, at, centers, sign_in, sent):
    """Read every page; return how many statements and how many rows each took."""
    browsers = {name: sign_in(name) for name in ("province", "county")}

    def newest(column, *conditions):
        return db.session.scalar(select(column).where(*conditions).order_by(column.desc()).limit(1))

    def asked() -> dict[str, tuple[int, int]]:
        with at("四川省", "standards_officer"):
            numbers = {
                "standard": newest(Standard.id, Standard.code == "T"),
                "draft": newest(Edition.id, Edition.number.is_(None)),
                "edition": newest(Edition.id, Edition.number > 1),
                "rollout": newest(Rollout.id),
                "county": centers["广安区"],
            }
        with at("广安区"):
            numbers["item"] = newest(Item.id)
        found = {}
        for username, path in PAGES:
            with sent() as statements:
                answer = browsers[username].get(path.format(**numbers))
            assert answer.status_code == 200, (path, answer.text)
            found[f"{username} {path}"] = len(statements), len(answer.json.get("rows", []))
        return found

    return asked


def test_no_page_asks_the_database_for_each_row(grow, discard, ask):
    grow("G1", "G2")
    ask()  # what is read once and kept is read here
    few = ask()
    discard()
    grow("G3", "G4", "G5", "G6", "G7", "G8", "G9")
    ask()
    many = ask()
    assert {page: count for page, (count, _) in few.items()} == {
        page: count for page, (count, _) in many.items()
    }
    same = {page for page in few if many[page][1] == few[page][1]}
    assert [page for page in same if not any(word in page for word in SAME)] == []


def test_no_page_asks_more_often_than_it_must(grow, ask):
    grow("G1", "G2")
    ask()
    often = {page: n for page, (n, _) in ask().items() if n > MOST.get(page, 30)}
    assert often == {}
