"""The papers point to what there is, and the picture of the house shows its imports."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.answer import Status
from bot.running.commands import commands
from bot.settings import Settings
from tests.test_floors import PLACES, ROOT, name_of, own_imports, place_of, sources

README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAPERS = [path for folder in (".", "docs", "docs/decisions", "evals/*") for path in sorted(ROOT.glob(f"{folder}/*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:bot|corpus|evals|prompts|tests|docs)/[^`\s]*)`")
NAME = re.compile(r"`(\w+(?:\.[a-z]\w+)?)`")
MODULE = re.compile(r"python -m ((?:bot|corpus|evals)[.\w]*)")
COMMAND = re.compile(r"python -m bot ([a-z]+)")
VERB = re.compile(r"(?:`|^)make ([a-z]+)", re.MULTILINE)
SETTING = re.compile(r"\b(BOT_(?!TEST_)[A-Z_]+[A-Z])\b")
ARROW = re.compile(r'^\s*(\w+)(?:\[.*?"\])? --> ([\w &]+)$', re.MULTILINE)
DEFINED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
MOST_LINES = 130

Graph = Mapping[str, set[str]]


def of_papers(pattern: re.Pattern[str]) -> list[tuple[Path, str]]:
    """What a pattern finds in the papers, each with its paper; a pattern that finds nothing is wrong."""
    found = {(paper, one) for paper in PAPERS for one in pattern.findall(paper.read_text(encoding="utf-8"))}
    assert found
    return sorted(found)


def parts() -> dict[str, set[str]]:
    """The packages of the picture, each with the packages of the floors that it is made of."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| ((?:`[^`|]+` ?)+)\|", text, re.MULTILINE)
    return {name: {name_of(ROOT / path.rstrip("/")) for path in re.findall("`([^`]+)`", made)} for name, made in rows}


def drawn() -> Graph:
    """The arrows of the picture."""
    found = re.search("```mermaid\n(.*?)```", ARCHITECTURE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return {source: set(re.findall(r"\w+", targets)) for source, targets in ARROW.findall(found.group(1))}


def imported() -> Graph:
    """What the packages of the picture import from each other."""
    part = {package: name for name, made in parts().items() for package in made}
    graph: dict[str, set[str]] = {name: set() for name in parts()}
    for path in filter(lambda p: place_of(name_of(p)), sources()):
        own = part[place_of(name_of(path))]
        graph[own] |= {part[place_of(name)] for name in own_imports(path)} - {own}
    return graph


def reached(starts: set[str], graph: Graph) -> set[str]:
    """Everything that can be come to along the arrows from some packages, themselves included."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph.get(name, ())
    return seen


def without_implied(graph: Graph) -> Graph:
    """The arrows that do not follow from others."""
    left = {own: {name for name in to if name not in reached(to - {name}, graph)} for own, to in graph.items()}
    return {own: names for own, names in left.items() if names}


def names_in_code() -> Iterator[str]:
    """Every class and function, and every method with its class before it."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, DEFINED):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from (f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, DEFINED))


def test_readme_can_be_read_in_one_go() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("paper", [README, ROOT / "docs" / "integration.md"], ids=lambda p: p.name)
def test_every_status_is_told(paper: Path) -> None:
    told = set(re.findall(r"`(\w+\*?)`", paper.read_text(encoding="utf-8")))
    assert not {str(s) for s in Status if not s.startswith("error_")} - told
    assert "error_*" in told


def test_links_and_images_lead_to_files() -> None:
    inside = [(paper, link.partition("#")[0]) for paper, link in of_papers(LINK) if "://" not in link]
    assert not [f"{paper.name}: {link}" for paper, link in inside if not (paper.parent / link).exists()]


def test_paths_exist() -> None:
    assert not [f"{paper.name}: {path}" for paper, path in of_papers(PATH) if not list(ROOT.glob(path.rstrip("/")))]


def test_every_folder_of_the_floors_is_in_the_architecture() -> None:
    folders = [path for path in (package.replace(".", "/") for package in PLACES) if (ROOT / path).is_dir()]
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert folders
    assert not [path for path in folders if f"`{path}/`" not in text]


def test_every_package_of_the_floors_stands_in_one_row_of_the_architecture() -> None:
    assert sorted(package for made in parts().values() for package in made) == sorted(PLACES)


def test_picture_shows_the_imports() -> None:
    assert drawn() == without_implied(imported())


def test_journey_and_values_are_told_by_names_of_the_code() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    told = set(NAME.findall(text[text.index("## The journey") : text.index("## One door")]))
    assert told
    assert not told - set(names_in_code())


def test_modules_can_be_called() -> None:
    files = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in sources()}
    known = files | {name.removesuffix(".__main__") for name in files if name.endswith(".__main__")}
    assert not [f"{paper.name}: {module}" for paper, module in of_papers(MODULE) if module not in known]


def test_commands_of_the_terminal_are_known() -> None:
    assert not [f"{paper.name}: {name}" for paper, name in of_papers(COMMAND) if name not in commands.commands]


def test_verbs_of_make_are_known() -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert not [f"{paper.name}: make {verb}" for paper, verb in of_papers(VERB) if verb not in known]


def test_settings_exist() -> None:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    assert not [f"{paper.name}: {name}" for paper, name in of_papers(SETTING) if name not in known]
