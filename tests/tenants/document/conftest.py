"""A county with a department on its way in, under a chain that asks for documents."""

import io

import pytest

from tests.tenants.procedure.test_cases import chain, county, procedure

__all__ = ["chain", "county"]
POWER = "授权委托书"
STEPS = [
    {"code": "S1", "name": "认定", "actor": "center", "next": ["S2"]},
    {"code": "S2", "name": "授权", "actor": "department", "document": POWER,
     "guards": ["power_of_attorney"], "next": ["S3"]},
    {"code": "S3", "name": "生效", "actor": "center", "document": "进驻通知书",
     "effects": ["enter"]},
]  # fmt: skip
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def asked(chain):
    """The chain asks for a power of attorney, and for the notice of entry."""
    chain.push(chain.publish(procedure(steps=STEPS)))
    return chain


def form(step="S2", content=PDF, file_name="委托书.pdf", **said):
    """Return the parts of a form with a file in it."""
    file = (io.BytesIO(content), file_name)
    return {"data": {"step": step, "file": file, **said}, "content_type": "multipart/form-data"}


def attach(browser, case, step="S2", *, at="/api/cases/{id}", **more):
    """Attach a file; return the whole answer."""
    path = f"{at.format(id=case['id'])}/documents"
    return browser.send("POST", path, **form(step, **more))


def attached(browser, case, step="S2", **more):
    answer = attach(browser, case, step, **more)
    assert answer.status_code == 201, answer.json
    return answer.json
