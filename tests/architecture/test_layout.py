"""Where things stand: what a stranger finds without asking, and what would break quietly."""

import ast
import platform
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {
    "__init__",
    "models",
    "schemas",
    "service",
    "routes",
    "workflow",
    "jobs",
    "acts",
    "beginning",
    "reading",
    "finding",
    "listing",
    "papers",
    "public",
    "sample",
    "above",
    "handing",
}
SOURCES = [*(ROOT / "platform").rglob("*.py"), *(ROOT / "tenants").rglob("*.py")]
RECORD_TYPES = [
    folder for folder in (ROOT / "tenants").iterdir() if (folder / "models.py").exists()
]


def test_platform_is_a_source_root_and_no_package():
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert Path(platform.__file__).is_relative_to(sysconfig.get_path("stdlib"))


def test_tests_are_no_packages():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("folder", RECORD_TYPES, ids=lambda folder: folder.name)
def test_a_record_type_has_no_other_parts_than_the_agreed_ones(folder):
    assert {path.stem for path in folder.glob("*.py")} <= PARTS
    assert [path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"] == []


def test_every_folder_of_tenants_is_a_record_type():
    folders = {path.parent for path in (ROOT / "tenants").glob("*/*.py")}
    assert folders == set(RECORD_TYPES)


def imported(source: Path) -> set[str]:
    """Return the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_only_one_module_imports_by_name():
    by_name = {"importlib", "importlib.import_module"}
    found = [path.name for path in SOURCES if imported(path) & by_name]
    assert found == ["modules.py"]


def test_only_the_factory_and_the_routes_know_the_library_behind_them():
    found = {path.name for path in SOURCES if "flask_smorest" in imported(path)}
    assert found == {"app.py", "http.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_begins_by_saying_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_record_types_never_say_whose_row_it_is():
    for path in (ROOT / "tenants").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        given = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
        assert "tenant_id" not in {node.arg for node in given}, path


def test_only_the_unit_of_work_commits():
    allowed = {ROOT / "platform/jinzhu/core/transaction.py"}
    for path in SOURCES:
        if path in allowed or path.is_relative_to(ROOT / "platform/jinzhu/demo"):
            continue
        assert "session.commit" not in path.read_text(encoding="utf-8"), path
