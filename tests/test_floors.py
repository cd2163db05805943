"""Imports run downward only, and importing a module does nothing."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the ground up. What stands on one line may not import from each other, but within a package anything may;
# a module is on the line of the longest name that fits.
ORDER = (
    ("corpus",),
    ("bot.watching",),
    ("bot.tuning", "bot.errors", "bot.answer", "bot.workers", "bot.meter", "bot.settable"),
    ("bot.wording",),
    ("bot.guarding", "bot.site"),
    ("bot.records",),
    ("bot.settings",),
    ("bot.understanding",),
    ("bot.finding",),
    ("bot.judging",),
    ("bot.answering",),
    ("bot.writing",),
    ("bot.journey",),
    ("bot.pipeline",),
    ("bot.office",),
    ("bot.desk",),
    ("bot.running",),
    ("bot.web.doors", "bot.web.highlight", "bot.web.export"),
    ("bot.web.rendering", "bot.web.tables"),
    ("bot.web.services",),
    ("bot.web.errors", "bot.web.frame"),
    ("bot.web.limits",),
    ("bot.web.api",),
    ("bot.web.residents", "bot.web.staff"),
    ("bot.web.application", "bot.web.page"),
    ("bot.web.server",),
    ("bot.__main__", "evals"),
    ("app",),
)
PLACES = {package: floor for floor, packages in enumerate(ORDER) for package in packages}
TOPS = ("corpus", "bot", "evals")
MOST_FILES, LONGEST_FILE, LONGEST_FUNCTION = 12, 300, 50
ONE_DOOR = {
    "jieba": {"corpus/words.py"},
    "chromadb": {"corpus/chroma.py"},
    "bm25s": {"corpus/keywords.py"},
    "opentelemetry": {"bot/watching/tracing.py"},
    "mcp": {"bot/web/api/tools.py"},
    "docx": {"corpus/reading/docx.py"},
    "pypdf": {"corpus/reading/pdf.py"},
    "lxml": {"corpus/reading/html.py"},
}
RECORDS_ONLY = {"sqlalchemy", "alembic"}
WEB_ONLY = {"gradio", "fastapi", "starlette", "uvicorn"}
# Where numbers that decide answers stand, and which modules hold numbers below one that decide none: parts of a second,
# quantiles, a confidence, the chances of a demonstration, the length of a vector of nothing.
TUNING = {"bot.tuning", "corpus.tuning"}
NO_TUNING = {
    "bot.meter",
    "bot.office.weekly.accuracy",
    "bot.office.weekly.report",
    "bot.records.accounts.tries",
    "bot.records.turns",
    "bot.running.demo",
    "bot.web.doors.logs",
    "bot.web.staff.sign_in",
    "corpus.vectors",
}


@cache
def sources() -> list[Path]:
    return [ROOT / "app.py", *(p for top in TOPS for p in sorted((ROOT / top).rglob("*.py")))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def place_of(module: str) -> str:
    """The package of ORDER that a module belongs to; empty for the packages that only hold others."""
    return max((package for package in PLACES if f"{module}.".startswith(f"{package}.")), key=len, default="")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The modules, and the names in them, that a file imports, wherever in it."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """The modules of this repository that a file imports."""
    modules = {name_of(p) for p in sources()}
    tried = (next((n for n in (name, name.rpartition(".")[0]) if n in modules), "") for name in imports(path))
    return {name for name in tried if name}


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_module_imports_nothing_from_its_own_floor_or_above(path: Path) -> None:
    own = place_of(name_of(path))
    if not own:
        assert not own_imports(path), "a package that only holds others imports nothing"
        return
    above = {name for name in own_imports(path) if PLACES[place_of(name)] >= PLACES[own] and place_of(name) != own}
    assert not above


def test_no_module_imports_itself_through_others() -> None:
    tuple(TopologicalSorter({name_of(path): own_imports(path) for path in sources()}).static_order())


def test_folders_and_files_stay_small_enough_to_be_seen_whole() -> None:
    folders = Counter(path.parent for path in sources())
    assert not [str(folder) for folder, files in folders.items() if files > MOST_FILES and "bot" in folder.parts]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert not [name for name, lines in lengths.items() if lines > LONGEST_FILE]


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}.{node.name}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_numbers_that_decide_answers_stand_in_one_file() -> None:
    holding = {
        name_of(path)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value < 1
    }
    assert {name for name in holding if name.startswith(("bot.", "corpus."))} == TUNING | NO_TUNING


@pytest.mark.parametrize("package", ["bot", "corpus"])
def test_every_tuned_number_says_what_it_means_and_is_used(package: str) -> None:
    lines = (ROOT / package / "tuning.py").read_text(encoding="utf-8").splitlines()
    numbers = {line.split(" = ")[0]: line for line in lines if re.match("[A-Z]", line) and " = " in line}
    assert len(numbers) > 20
    assert not [name for name, line in numbers.items() if not re.search(r"\d  # \w", line)]
    texts = (path.read_text(encoding="utf-8") for path in sources())
    users = "".join(text for text in texts if f"from {package} import tuning" in text)
    assert numbers.keys() == set(re.findall(r"\btuning\.([A-Z][A-Z0-9_]*)", users))


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
    assert all(user.startswith("bot/web/") or user == "app.py" for user in users)


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
