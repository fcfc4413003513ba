"""The rooms of the house, held by parsing the sources: one test per file and rule."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import greenspace
from tests.composers import COMPOSERS

PACKAGE = Path(greenspace.__file__).parent
TESTS = Path(__file__).parent
ROOMS = {"read", "prepare", "measure", "evaluate", "delimit", "present", "sample"}
ALLOWED = {
    **{room: {room, "model", "errors"} for room in ROOMS},
    **{own: {own, "model", "errors"} | below | ROOMS for own, below in COMPOSERS.items()},
    "model": {"model", "errors"},
    "cli": {"cli", "__init__", "api", "commands", "map_files", "pipeline", "plan_commands"}
    | {"model", "errors", "province"},
    "testing": {"model", "errors", "api"},
    "__init__": {*COMPOSERS, *ROOMS, "model", "errors"},  # the front door: public names, lazily
    "__main__": {"cli"},
}
NARROWER = {  # files that may reach less than the rest of their room
    "model/words.py": set(),
    "errors.py": {"model.words"},
}
LAZY_EXCEPTIONS = {  # results that show themselves: inside a method, never at import
    "model/change.py": {"present"},
    "model/control_points.py": {"present"},
    "model/assessment.py": {"present"},
    "model/reference_sample.py": {"present"},
    "model/check.py": {"present"},
    "model/dates.py": {"present"},
    "model/green_line.py": {"present"},
    "model/green_line_plan.py": {"present"},
    "model/inspection.py": {"present"},
    "model/league.py": {"evaluate", "present"},
    "model/page.py": {"present"},
    "model/ratio.py": {"present"},
    "model/ratio_table.py": {"present"},
}
OPENING_ROOMS = {"read", "present", "sample"}
OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
HEAVY = ("geopandas", "matplotlib", "numba", "numpy", "pandas", "rasterio", "scipy", "shapely")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
QUESTIONS = ("Question   ", "Enters     ", "Leaves     ", "Elsewhere  ")
MOST_LINES = 400


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.py"))]


FILES = names(PACKAGE)


@dataclass(frozen=True)
class Import:
    """One of our own modules, as another of our files asks for it."""

    module: str  # relative to the package: "model.words"; the package itself: "__init__"
    line: int
    lazy: bool  # inside a function

    @property
    def room(self) -> str:
        return self.module.partition(".")[0]


def room_of(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse((PACKAGE / file).read_text(encoding="utf-8"), filename=file)


def is_module(dotted: str) -> bool:
    path = PACKAGE.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the full names that a statement imports: modules, or names in them."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def own_module(target: str) -> str | None:
    """Return the module of ours behind a full name, relative to the package."""
    top, _, rest = target.partition(".")
    if top != "greenspace":
        return None
    while rest and not is_module(rest):
        rest = rest.rpartition(".")[0]
    return rest or "__init__"


def imports_of(tree: ast.Module) -> list[Import]:
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(node)
    }
    return [
        Import(module, node.lineno, node in inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for target in targets(node)
        if (module := own_module(target)) is not None
    ]


def may(file: str, asked: Import) -> bool:
    if asked.lazy and asked.room in LAZY_EXCEPTIONS.get(file, ()):
        return True
    if file in NARROWER:
        return asked.module in NARROWER[file]
    return asked.room in ALLOWED.get(room_of(file), ())


def calls_of(file: str) -> list[tuple[str, int]]:
    """Return the last name of everything that is called, with its line."""
    return [
        (node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node.lineno)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    ]


def is_console_of_the_street(call: ast.Call) -> bool:
    """Return whether a rich Console would write to the terminal and not to a file in memory."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return name == "Console" and not any(word.arg == "file" for word in call.keywords)


@pytest.mark.parametrize("file", FILES)
def test_imports_point_down(file):
    strangers = [ask for ask in imports_of(tree_of(file)) if not may(file, ask)]

    assert not strangers, f"{file} may not import {strangers}"


@pytest.mark.parametrize("file", FILES)
def test_imports_are_absolute(file):
    relative = [
        node.lineno
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert not relative


@pytest.mark.parametrize(
    "path",
    [PACKAGE / file for file in FILES] + [TESTS / file for file in names(TESTS)],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_no_file_passes_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", [file for file in FILES if room_of(file) != "cli"])
def test_only_the_command_line_prints(file):
    speaks = [
        node.lineno
        for node in ast.walk(tree_of(file))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"})
        or (isinstance(node, ast.Call) and is_console_of_the_street(node))
    ]

    assert not speaks


@pytest.mark.parametrize("file", [file for file in FILES if room_of(file) not in OPENING_ROOMS])
def test_files_are_opened_by_the_rooms_that_read_and_write(file):
    assert [call for call in calls_of(file) if call[0] in OPENERS] == []


@pytest.mark.parametrize("file", [file for file in FILES if room_of(file) != "present"])
def test_pyplot_lives_in_present(file):
    asked = [
        target
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for target in targets(node)
        if target.startswith(("matplotlib.pyplot", "pylab"))
    ]

    assert not asked


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_left_unfinished(file):
    text = (PACKAGE / file).read_text(encoding="utf-8")

    assert [word for word in UNFINISHED if word in text] == []


@pytest.mark.parametrize(
    "file", [file for file in FILES if Path(file).stem not in {"__init__", "__main__"}]
)
def test_a_module_says_its_question_and_what_enters_and_leaves(file):
    lines = (ast.get_docstring(tree_of(file)) or "").splitlines()
    missing = [word for word in QUESTIONS if not any(line.startswith(word) for line in lines)]

    assert not missing


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, greenspace; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )

    assert done.stdout.strip() == "[]"


def test_every_exception_names_a_file():
    assert set(LAZY_EXCEPTIONS) | set(NARROWER) <= set(FILES)


@pytest.mark.parametrize(
    ("file", "source", "allowed"),
    [
        ("measure/x.py", "from greenspace.read.vector import read_layer", False),
        ("measure/x.py", "from greenspace.read import vector", False),
        ("measure/x.py", "import greenspace.prepare.repair", False),
        ("measure/x.py", "from greenspace import read", False),
        ("measure/x.py", "from greenspace import __version__", False),
        ("measure/x.py", "from greenspace.model.words import Text", True),
        ("measure/x.py", "import shapely", True),
        ("api.py", "from greenspace.read.vector import read_layer", True),
        ("api.py", "from greenspace.cli import main", False),
        ("imagery.py", "from greenspace.pipeline import check", False),
        ("pipeline.py", "from greenspace.survey import Survey", True),
        ("cli.py", "from greenspace.read.vector import read_layer", False),
        ("cli.py", "from greenspace import __version__", True),
        ("errors.py", "from greenspace.model.source import Source", False),
        ("model/words.py", "from greenspace.errors import InputError", False),
        ("model/ratio.py", "from greenspace.present.charts import draw_ratio", False),
        ("model/ratio.py", "def f():\n    from greenspace.present import charts", True),
        ("model/ratio.py", "def f():\n    from greenspace.read import vector", False),
    ],
)
def test_the_rule_itself(file, source, allowed, monkeypatch):
    known = {*ROOMS, *COMPOSERS, "model", "errors", "cli"}
    monkeypatch.setattr(sys.modules[__name__], "is_module", lambda dotted: dotted in known)
    asked = imports_of(ast.parse(source))

    assert all(may(file, ask) for ask in asked) is allowed
