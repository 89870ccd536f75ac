"""A refusal says which permission is missing, who has it, and whom to ask."""

import pytest


def test_at_the_own_center_it_names_roles_and_people(sign_in):
    refused = sign_in("watch").post("/api/standards", {"code": "Z", "name": "新标准"})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert refused.json["permission"] == "standard.write"
    assert refused.json["detail"] == (
        "您的岗位没有“编写标准”的权限。本中心可以办理的是：province和reviewer（任标准管理员）。"
    )
    assert refused.json["here"] == [
        {
            "role": "standards_officer",
            "role_name": "标准管理员",
            "people": ["province", "reviewer"],
        }
    ]
    assert refused.json["above"] == []


def test_above_it_names_the_offices_and_nobody_by_name(sign_in):
    refused = sign_in("county").get("/api/amendment_conflicts")
    assert refused.json["detail"] == (
        "您的岗位没有“处理细化与新版的冲突”的权限，本中心也没有这样的岗位。"
        "请联系广安市的市中心管理员。"
    )
    assert refused.json["here"] == []
    (office,) = refused.json["above"]
    assert office == {"center": "广安市", "role": "city_manager", "role_name": "市中心管理员"}


def test_the_nearest_office_comes_first(sign_in):
    offices = sign_in("county").get("/api/holders?permission=rollout.run").json["above"]
    assert [one["center"] for one in offices] == ["广安市", "四川省"]


def test_whoever_works_for_a_department_sees_the_people_of_the_center_and_its_own(sign_in):
    asked = sign_in("liaison").get("/api/holders?permission=item.claim").json
    assert asked["held"] is True
    people = {one["role"]: one["people"] for one in asked["here"]}
    assert people == {"center_manager": ["county"], "department_liaison": ["liaison"]}


def test_in_english_as_well(sign_in):
    answer = sign_in("clerk").get("/api/amendment_conflicts", headers={"Accept-Language": "en"})
    assert answer.json["detail"] == (
        "Your post does not carry the permission “settle conflicts of amendments”, and no post at"
        " your center does. Ask the City center manager of 广安市."
    )


def test_what_is_asked_for_inside_an_operation_says_so_too(sign_in):
    refused = sign_in("watch").post("/api/editions/1/approval", {}, headers={"If-Match": '"1"'})
    assert refused.json["permission"] == "edition.review"
    assert "province和reviewer（任标准管理员）" in refused.json["detail"]


@pytest.mark.parametrize("name", ["nonsense", "item.fly"])
def test_there_is_nobody_to_ask_for_what_there_is_not(name, sign_in):
    assert sign_in("clerk").get(f"/api/holders?permission={name}").status_code == 404
