"""Imports run downward only, and importing a module does nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"corpus": {"bot", "evals", "app"}, "bot": {"evals", "app"}, "evals": {"app"}}
ONE_DOOR = {
    "jieba": {"corpus/words.py"},
    "chromadb": {"corpus/vectors.py"},
    "bm25s": {"corpus/keywords.py"},
    "mcp": {"bot/web/api/tools.py"},
}
RECORDS_ONLY = {"sqlalchemy", "alembic"}
WEB_ONLY = {"gradio", "fastapi", "starlette", "uvicorn"}


def sources() -> list[Path]:
    return [p for floor in FLOORS for p in sorted((ROOT / floor).rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_module_imports_nothing_from_a_floor_above(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imports(path)}
    assert not tops & FLOORS[floor]


@pytest.mark.parametrize(("package", "doors"), ONE_DOOR.items())
def test_vendor_has_one_door(package: str, doors: set[str]) -> None:
    users = {
        p.relative_to(ROOT).as_posix()
        for p in sources()
        if package in {i.split(".")[0] for i in imports(p)} and "bench" not in p.name
    }
    assert users == doors


def test_only_the_web_floor_imports_a_web_framework() -> None:
    users = {
        p.relative_to(ROOT).as_posix()
        for p in sources()
        if WEB_ONLY & {i.split(".")[0] for i in imports(p)} and p.name != "bench.py"
    }
    assert users
    assert all(user.startswith("bot/web/") for user in users)


def test_only_the_records_import_the_database() -> None:
    users = {p.relative_to(ROOT).as_posix() for p in sources() if RECORDS_ONLY & {i.split(".")[0] for i in imports(p)}}
    assert users
    assert all(user.startswith("bot/records/") for user in users)


def test_importing_the_pipeline_reads_no_model_and_no_web_framework() -> None:
    code = "import bot.pipeline, sys; print([m for m in ('gradio', 'openai', 'fastapi') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_any_module_writes_nothing(tmp_path: Path) -> None:
    names = [p.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for p in sources()]
    left_out = ("__main__", "web", "bench", "migrations")  # Alembic runs its migrations as scripts
    wanted = [n.removesuffix(".__init__") for n in names if not any(part in n for part in left_out)]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.dont_write_bytecode = True\n" + "\n".join(
        f"import {name}" for name in wanted
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert not list(tmp_path.iterdir())
