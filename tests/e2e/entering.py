"""What is there before an item enters: its department, and all that the item needs."""

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
#: A department whose items come and go; it enters by proxy.
HOME = "BM09"
DECIDED = "邻水县人民政府 2026年第12号 2026-11-20"
#: What the standard asks a center to say of an item.
LOCAL = {
    "window": "1楼A区01号窗口",
    "address": "邻水县政务服务中心1楼（演示地址）",
    "consult_phone": "0826-5550101",
    "complaint_phone": "0826-5550900",
}


def offered(county, kind, **wanted):
    """Return a record that the county offers, claimed now if it was not."""
    asked = {"q" if name == "code" else name: value for name, value in wanted.items()}
    filters = "&".join(f"{name}={value}" for name, value in asked.items())
    duties = county.rows(f"/api/{kind}s/duties?{filters}&sort=code&per_page=200")
    duty = next(row for row in duties if wanted.get("code", row["code"]) == row["code"])
    given = {"provision_ids": [duty["provision_id"]], "claim": "offered"}
    county.send("POST", f"/api/{kind}s/claims", given)
    rows = county.rows(f"/api/{kind}s?q={duty['code']}")
    return next(row for row in rows if row["code"] == duty["code"])


def an_item(county, item_type="20"):
    """Return an item that the county has just claimed, with all it needs; its department is in."""
    settled(county)
    query = f"claim=unclaimed&item_type={item_type}&department={HOME}&sort=code&per_page=20"
    for duty in county.rows(f"/api/items/duties?{query}"):
        item = offered(county, "item", claim="unclaimed", code=duty["code"], department=HOME)
        path = f"/api/items/{item['id']}"
        county.send("PATCH", path, {"local": LOCAL}, version=county.get(path)["version"])
        if not county.rows(f"/api/items/quality?q={item['code']}&severity=fault"):
            return item
    raise AssertionError("the demo has no such item")


def settled(county, code=HOME):
    """Let a department enter by proxy, if it has not."""
    subject = offered(county, "department", code=code)
    where = f"/api/entries/standing/department/{subject['provision_id']}"
    if county.get(where)["state"] == "entered":
        return
    wish = {"object": "department", "subject_id": subject["provision_id"], "kind": "entry"}
    case = county.send("POST", "/api/cases", {**wish, "facts": {"mode": "proxy"}})
    path = f"/api/cases/{case['id']}"
    while (case := county.get(path))["state"] == "running":
        step = next(step for step in case["steps"] if step["state"] == "open")
        if step["document"]:
            attach(county, case, step)
        said = {"step": step["code"], "action": "approve", "on_behalf": ""}
        if step["actor"] == "competent_body":
            said["on_behalf"] = DECIDED
        county.send("POST", f"{path}/acts", said, version=county.get(path)["version"])


def attach(county, case, step):
    """Attach the document that a step asks for."""
    file = {"name": f"{step['document']}.pdf", "mimeType": "application/pdf", "buffer": PDF}
    said = {"step": step["code"], "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    answer = county.asking.post(
        f"/api/cases/{case['id']}/documents",
        multipart={**said, "file": file},
        headers={"X-CSRF-Token": county.me["csrf_token"]},
    )
    assert answer.ok, answer.text()
