"""Personal data: sealed, bound to its place, found by a hash, shown masked."""

import json
import stat
from dataclasses import replace

import pytest

from jinzhu import keys
from jinzhu.app import documented_app
from jinzhu.core import cipher, masks

PHONE, PLACE = "13812345678", "staff.phone:17"


@pytest.fixture
def key_file(tmp_path):
    """A file of keys of its own."""
    path = tmp_path / "keys.json"
    keys.create(path)
    yield path
    keys.read.cache_clear()


@pytest.fixture
def keyed(key_file):
    """An application with these keys."""
    app = documented_app()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], key_file=str(key_file))
    with app.app_context():
        yield app


def test_what_is_sealed_is_not_readable_and_opens_again(keyed):
    sealed = cipher.seal(PHONE, place=PLACE)
    assert PHONE not in sealed
    assert sealed.startswith("1:")
    assert cipher.unseal(sealed, place=PLACE) == PHONE
    assert cipher.seal(PHONE, place=PLACE) != sealed
    assert cipher.seal("", place=PLACE) == cipher.unseal("", place=PLACE) == ""


def test_what_was_sealed_for_one_place_does_not_open_in_another(keyed):
    sealed = cipher.seal(PHONE, place=PLACE)
    with pytest.raises(ValueError, match="elsewhere"):
        cipher.unseal(sealed, place="staff.phone:18")
    with pytest.raises(ValueError, match="changed"):
        cipher.unseal(sealed[:-6] + "AAAA==", place=PLACE)


def test_after_a_change_of_keys_old_and_new_open_and_hashes_stay(keyed, key_file):
    old, found = cipher.seal(PHONE, place=PLACE), cipher.keyed_hash(PHONE, place="phone")
    assert keys.rotate(key_file) == "2"
    keys.read.cache_clear()  # a new start
    new = cipher.seal(PHONE, place=PLACE)
    assert (old[:2], new[:2]) == ("1:", "2:")
    assert {cipher.unseal(one, place=PLACE) for one in (old, new)} == {PHONE}
    assert cipher.keyed_hash(PHONE, place="phone") == found


def test_a_hash_is_one_of_its_place_and_of_its_keys(keyed, tmp_path):
    found = cipher.keyed_hash(PHONE, place="phone")
    assert found == cipher.keyed_hash(PHONE, place="phone")
    assert found != cipher.keyed_hash(PHONE, place="code")
    other = tmp_path / "other.json"
    keys.create(other)
    keyed.config["SETTINGS"] = replace(keyed.config["SETTINGS"], key_file=str(other))
    assert found != cipher.keyed_hash(PHONE, place="phone")


def test_without_keys_it_says_so_and_stores_nothing(keyed, key_file):
    sealed = cipher.seal(PHONE, place=PLACE)
    key_file.unlink()
    keys.read.cache_clear()
    for act in (cipher.seal, cipher.keyed_hash, cipher.unseal):
        with pytest.raises(cipher.KeysMissing):
            act(sealed, place=PLACE)


def test_a_key_that_is_not_there_any_more_is_missed_by_name(keyed):
    sealed = cipher.seal(PHONE, place=PLACE)
    with pytest.raises(cipher.KeysMissing):
        cipher.unseal(f"7{sealed[1:]}", place=PLACE)


def test_the_file_is_ours_alone_and_is_never_made_twice(key_file):
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    before = key_file.read_text()
    keys.create(key_file)
    assert key_file.read_text() == before
    keys.rotate(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "said", ["[]", "{}", '{"keys": {"1": "YQ=="}, "current": "1", "hash": "YQ=="}']
)
def test_a_file_that_is_no_file_of_keys_is_refused(tmp_path, said):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(json.loads(said)))
    with pytest.raises(ValueError, match="no file of keys"):
        keys.read(path)


@pytest.mark.parametrize(
    ("mask", "shown", "masked"),
    [
        (masks.person, "张三", "张*"),
        (masks.person, "欧阳小明", "欧***"),
        (masks.person, "", ""),
        (masks.number, PHONE, "138****5678"),
        (masks.number, "12345", "1****"),
        (masks.contact, "0826-2332211", "082*****2211"),
        (masks.contact, "zhang@example.com", "z***@example.com"),
        (masks.contact, "金安大道12号1单元", "金****"),
        (masks.contact, " ", ""),
    ],
)
def test_little_of_it_is_shown(mask, shown, masked):
    assert mask(shown) == masked


def test_an_identity_number_keeps_what_its_holder_knows_it_by():
    assert masks.number("110105194912310021", begin=6, end=4) == "110105********0021"
