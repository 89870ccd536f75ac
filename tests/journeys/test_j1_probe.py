import os
def test_probe(fresh):
    from openpyxl import load_workbook
    from io import BytesIO
    import time
    from tests.journeys import acts
    p=fresh.person("province"); c=fresh.person("guangan"); w=fresh.person("wusheng"); t=fresh.person("tax-line"); l=fresh.person("linshui")
    d=acts.catalogue(p)["draft"]["id"]
    t0=time.time(); a=p.client.get(f"/api/editions/{d}/workbook"); print("wb",a.status_code,len(a.data),time.time()-t0)
    open("/tmp/h/j1_wb.xlsx","wb").write(a.data)
    print(p.get("/api/collisions")); print(t.get("/api/collisions")["rows"][0]["first"], )
    print(w.get("/api/takeover"))
    print(w.get("/api/takeover/dropped"))
    print(c.get("/api/updates")["rows"][:1], c.get("/api/updates?state=done")["rows"][:1])
    r,mine=acts.tightened(c); print(r["code"],mine,r["id"],r["provision_id"], acts.field(r,"committed_limit"))
    print(c.send("GET",f"/api/items/{r['id']}/at/2020-01-01").text)
    print({k:v for k,v in r.items() if k!="fields"})
    city=fresh.person("guangan-city"); print(city.get("/api/amendments"))
    print(fresh.rows("select pg_size_pretty(pg_database_size(current_database()))"))
