"""Every page can be used by everybody: with a screen reader, without a mouse, on a small screen."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh-CN", "en")
#: Where a sentence is missing the console shows its key.
SPACES = "|".join(path.stem for path in (ROOT / "frontend/src/locales/zh-CN").glob("*.ts"))
KEYS = re.compile(rf"\b(?:{SPACES})(?:\.[a-zA-Z_]\w*)+")
#: Drawn at z-index -1 inside its box: axe takes what lies under the dialog for its background.
UNSEEN_BY_AXE = {"exclude": [[".el-dialog .el-select__placeholder"]]}


def today():
    """Return the day as it is in China."""
    return datetime.now(timezone(timedelta(hours=8))).date().isoformat()


def pages_of_province(client, _other):
    """Return the addresses of everything that the province opens."""
    standard = client.rows("/api/standards?q=SC-CATALOGUE")[0]
    edition = (standard["draft"] or standard["latest"])["id"]
    code = client.rows(f"/api/editions/{edition}/provisions?kind=item")[0]["code"]
    rollout = client.rows("/api/rollouts")[0]["id"]
    city = next(one for one in client.rows("/api/centers?level=city") if one["code"] == "511600")
    county = next(one for one in client.rows("/api/centers?q=广安区") if one["code"] == "511602")
    item = client.rows(f"/api/items/of/{county['id']}?claim=offered")[0]
    collision = client.rows("/api/collisions")[0]["id"]
    return [
        "/",
        "/standards",
        f"/standards/{standard['id']}",
        f"/editions/{edition}",
        f"/editions/{edition}?tab=changes",
        f"/editions/{edition}/provisions/item/{code}",
        "/rollouts",
        f"/rollouts/{rollout}",
        f"/rollouts/{rollout}?view=list",
        "/coverage",
        f"/coverage?parent={city['id']}",
        "/exemptions/asked",
        "/labels",
        "/notices",
        "/collisions",
        f"/collisions/{collision}",
        f"/standards/{standard['id']}/amendments",
        f"/standards/{standard['id']}/history",
        f"/standards/{standard['id']}/history/item/{code}",
        f"/editions/{edition}/workbook",
        f"/editions/{standard['latest']['id']}/rollout",
        f"/centers/{county['id']}/standards",
        "/comparison",
        f"/comparison/item/{item['provision_id']}",
        "/proposals/asked",
        "/calendar",
        "/search",
        "/search?q=许可",
        f"/centers/{county['id']}/items",
        f"/centers/{county['id']}/items/{item['provision_id']}",
        f"/centers/{county['id']}/items/{item['provision_id']}/at/{today()}",
    ]


def a_case_of_two_lines(county):
    """Return a case of a county in which the superior has its say; begun if there is none."""
    office = county.rows("/api/departments/duties?q=BM27")[0]["provision_id"]
    known = county.rows(f"/api/cases?subject={office}")
    if known:
        return known[0]
    given = {"provision_ids": [office], "claim": "offered"}
    county.send("POST", "/api/departments/claims", given)
    wish = {"object": "department", "subject_id": office, "kind": "entry"}
    case = county.send("POST", "/api/cases", wish)
    act = {"step": "S01", "action": "approve", "on_behalf": "县人民政府 2026年第1号"}
    return county.send("POST", f"/api/cases/{case['id']}/acts", act, version=case["version"])


def pages_of_city(client, other):
    """Return the addresses of what a city does with the standards from above."""
    amendment = next(one for one in client.rows("/api/amendments") if one["draft"])
    county = other("linshui")
    case = a_case_of_two_lines(county)
    center = county.me["post"]["center"]["id"]
    draft, standard = amendment["draft"]["id"], amendment["standard"]["id"]
    row = client.rows(f"/api/amendments/{draft}/provisions?kind=item&amended=true")[0]
    return [
        "/",
        "/amendments",
        f"/editions/{draft}",
        f"/editions/{draft}?tab=changes",
        f"/amendments/{draft}/provisions/item/{row['code']}",
        "/amendment_conflicts",
        f"/standards/{standard}/history",
        "/reaching",
        "/notices",
        "/comparison",
        "/consents",
        f"/consents/{center}/{case['id']}",
        "/rosters",
        f"/rosters/{center}",
        f"/rosters/{center}/{case.get('subject_id') or case['subject']['id']}",
    ]


def pages_of_the_county_with_items_of_its_own(client, _other):
    """Return the addresses around what no standard knows."""
    own = client.rows("/api/items/own")[0]
    collision = client.rows("/api/collisions")
    return [
        "/own-items",
        "/own-items/new",
        "/own-items/import",
        f"/own-items/{own['provision_id']}",
        "/takeover",
        "/takeover/dropped",
        "/reaching",
        "/collisions",
        *(f"/collisions/{one['id']}" for one in collision[:1]),
    ]


def pages_of_halls(client):
    """Return the addresses around a hall with a window, which is opened if there is none."""
    halls = client.rows("/api/halls?q=无障碍")
    if not halls:
        wish = {"name": "无障碍大厅", "kind": "branch", "floors": ["1"]}
        halls = [client.send("POST", "/api/halls", wish)]
        path = f"/api/halls/{halls[0]['id']}"
        zone = {"floor": "1", "name": "A区", "columns": 4, "rows": 2}
        zones = client.send("POST", f"{path}/zones", zone)["zones"]
        place = {"zone_id": zones[0]["id"], "x": 2, "y": 1}
        client.send("POST", f"{path}/windows", {"number": "1", "kind": "proxy", **place})
        client.send("POST", f"{path}/windows", {"number": "2", "kind": "proxy"})
    hall = halls[0]["id"]
    window = client.rows(f"/api/windows?hall={hall}")[0]["id"]
    return [
        "/halls",
        f"/halls/{hall}",
        f"/halls/{hall}?tab=hours",
        "/windows",
        f"/windows/{window}",
        f"/windows/{window}/sign",
    ]


def pages_of_county(client, _other):
    """Return the addresses of everything that a county opens."""
    item = client.rows("/api/items?state=conflict")[0]
    department = client.rows("/api/departments")[0]
    update = client.rows("/api/updates")[0]
    case = client.rows("/api/cases?state=running&object=department")[0]
    return [
        "/",
        "/duties",
        "/duties?kind=department",
        "/items",
        f"/items/{item['id']}",
        f"/items/{item['id']}/at/{today()}",
        "/departments",
        f"/departments/{department['id']}",
        "/conflicts",
        "/conflicts?state=settled",
        "/updates",
        "/updates?state=done",
        f"/updates/{update['rollout_id']}",
        "/updates/postponed",
        "/exemptions",
        "/proposals",
        "/cases",
        "/publications",
        "/cases?tab=overdue",
        "/cases?tab=over",
        f"/cases/{case['id']}",
        "/calendar?year=2027",
        "/notices",
        "/standards",
        "/not-allowed",
        "/nowhere",
        *pages_of_halls(client),
        "/roster",
        "/roster?mark=standalone",
        "/roster/services",
        *(
            f"/roster/{row['provision_id']}"
            for row in client.rows("/api/departments/roster?q=局")[:2]
        ),
    ]


PAGES = {
    "province": pages_of_province,
    "guangan-city": pages_of_city,
    "guangan": pages_of_county,
    "wusheng": pages_of_the_county_with_items_of_its_own,
}


#: What fades in has its colours only at the end; what turns for ever is not waited for.
AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished))"""


#: What is read and what is only heard.
TOLD = """() => [document.body.innerText, ...[...document.querySelectorAll(
    '[aria-label], [placeholder], [title]')].map((one) => ['aria-label', 'placeholder', 'title']
    .map((name) => one.getAttribute(name)).join(' '))].join('\\n')"""


def come_to_rest(page):
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    expect(page.get_by_text(re.compile("正在加载…|Loading…"))).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def faults(page):
    """Return what hinders somebody seriously: the rule and where it is broken."""
    page.evaluate(AT_REST)
    found = Axe().run(page, context=UNSEEN_BY_AXE).response["violations"]
    return [
        f"{one['id']}: {node['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def too_wide(page, widths):
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        too_much = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_much > 0:
            found.append(f"{too_much} px too wide at {width}")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def unsaid(page):
    """Return the keys of sentences that are missing."""
    told = page.evaluate(TOLD)
    return [f"no sentence: {key}" for key in sorted(set(KEYS.findall(told)))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", PAGES)
def test_no_page_hinders_people_who_see_or_move_or_speak_differently(
    window, client, username, language
):
    visited = PAGES[username](client(username), client)
    page = window(username)
    page.add_init_script(f"localStorage.setItem('jinzhu.language', '{language}')")
    found = {}
    for address in visited:
        page.goto(address)
        come_to_rest(page)
        expect(page.locator("html")).to_have_attribute("lang", language)
        found[address] = faults(page) + unsaid(page) + too_wide(page, (1280, 1024))
    assert {address: faulty for address, faulty in found.items() if faulty} == {}


def test_dialogs_and_the_way_in_do_not_hinder_either(window, hands):
    page = window()
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    found = {"sign-in": faults(page)}

    page = window("yuechi")
    page.goto("/duties")
    hands(page).tick("选择本页全部")
    page.get_by_role("button", name="认领（20）").click()
    hands(page).pick("由其他事项覆盖")
    expect(page.get_by_role("combobox", name="由以下覆盖")).to_be_visible()
    found["claim"] = faults(page)

    page.goto("/conflicts")
    page.get_by_role("button", name="保留本地").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["keep"] = faults(page)

    page.goto("/items")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="变更记录").click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    found["history"] = faults(page)
    assert {place: faulty for place, faulty in found.items() if faulty} == {}


def test_the_documentation_of_the_api_shows_its_operations(window):
    page = window()
    page.goto("/api/docs")
    expect(page.get_by_role("heading", name=re.compile("^Jinzhu"))).to_be_visible()
    # Only what is on the screen is in the page.
    page.get_by_role("button", name=re.compile("center")).first.click()
    expect(page.get_by_role("heading", name="Parameters")).to_be_visible()


def test_the_whole_way_in_needs_no_mouse(window):
    page = window()
    page.goto("/sign-in")
    expect(page.get_by_label("账号", exact=True)).to_be_focused()
    page.keyboard.type("guangan")
    page.keyboard.press("Tab")
    page.keyboard.type("Jinzhu-2026-demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
