"""The lines of a shell on a page: our own commands are run, others held to shapes that are known."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import tomllib
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.test_cli import run as run_in_process

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PROMPT = re.compile(r"^[$>] (.*)$")
SETTING = re.compile(r"^(?:export|set|\$env:)? ?([A-Z][A-Z0-9_]*) ?= ?(\S*)$")
QUIET_OPTIONS = {
    *("--dest", "--only-binary", "--platform", "--python-version", "--find-links", "--wheel-dir"),
}


@dataclass(frozen=True)
class Typed:
    """One line as typed, and what the page shows below it."""

    line: str
    shown: tuple[str, ...] = ()


def typed_in(body: str, *, prompt: bool) -> list[Typed]:
    """Return the commands of a block; lines without a prompt are what the one above them says."""
    lines = re.sub(r"\\\n\s*", "", body).splitlines()
    if not prompt:
        return [Typed(line) for line in lines if line.strip() and not line.startswith("#")]
    found: list[Typed] = []
    for line in lines:
        if command := PROMPT.match(line):
            found.append(Typed(command[1]))
        elif found:
            found[-1] = Typed(found[-1].line, (*found[-1].shown, line))
        else:
            raise AssertionError(f"no prompt before: {line}")
    return found


def run_line(typed: Typed, sample: Path, exits: int = 0) -> None:
    """Run what stands on a line, in the folder we are in, and compare what it says."""
    said = ""
    for words in _commands(typed.line):
        if setting := SETTING.match(" ".join(words)):
            os.environ[setting[1]] = setting[2]
        elif words[0] == "greenspace":
            said += greenspace(words[1:], sample, exits)
        elif words[0] == "python" and len(words) == 2 and Path(words[1]).is_file():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PendingDeprecationWarning)  # of rasterio's own
                runpy.run_path(words[1], run_name="__main__")
        else:
            require_known(words)
    require_shown(typed.shown, said)


def _commands(line: str) -> Iterator[list[str]]:
    backslashes = line.replace("\\", "/") if re.search(r"\w\\\w", line) else line
    lexer = shlex.shlex(backslashes, posix=True, punctuation_chars="&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if word == "&&":
            yield words
            words = []
        else:
            words.append(word)
    yield words


def greenspace(words: list[str], sample: Path, exits: int = 0) -> str:
    """Run one of our commands in this process; a sample city that is asked for is a copied one."""
    if words[0] == "sample" and len(words) == 2:
        shutil.copytree(sample, words[1], dirs_exist_ok=True)
        return ""
    result = run_in_process(*words)
    if result.exit_code != exits:
        told = "".join(traceback.format_exception(result.exception)) if result.exception else ""
        raise AssertionError(f"{words} exits with {result.exit_code}: {result.stderr}{told}")
    return result.stdout


def require_shown(shown: tuple[str, ...], said: str) -> None:
    """Refuse what the command does not say; ``...`` stands for lines that are left out."""
    wanted, got = _squeezed("\n".join(shown)), _squeezed(said)
    if not wanted:
        return
    parts = [re.escape("".join(f"{line}\n" for line in part)) for part in _split(wanted)]
    if not re.fullmatch(r"(?:.*\n)*?".join(parts), "".join(f"{line}\n" for line in got)):
        raise AssertionError(
            "the page shows\n" + "\n".join(wanted) + "\nand said is\n" + "\n".join(got)
        )


def _split(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line in {"...", "…"}:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _squeezed(text: str) -> list[str]:
    lines = (re.sub(r"[\s─━]+", " ", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def require_known(words: list[str]) -> None:
    """Refuse a foreign command whose shape nobody knows, or that names what is not there."""
    program, *rest = words
    if program in {"python", "py", "python3"} and "-m" in rest:
        if rest[0].startswith("-3"):
            _require_version(rest.pop(0)[1:])
        program, *rest = rest[1:]
    if program == "pip" and rest and rest[0] in {"install", "download", "wheel"}:
        _require_packages(rest[1:])
    elif program in {"python", "bash"} and rest and (ROOT / rest[0]).is_file():
        pass
    elif not _plain(program, rest):
        raise AssertionError(f"a command of no known shape: {words}")


def _plain(program: str, rest: list[str]) -> bool:
    """Whether it is one of the commands that can only be recognised."""
    made = re.fullmatch(
        r"(\S+/)?Scripts/activate|.*/bin/activate", f"{program} {' '.join(rest)}".strip()
    )
    alone = program == "pytest" and all((ROOT / word).exists() for word in rest)
    return bool(made) or alone or (program in {"venv", "cd"} and len(rest) == 1)


def _require_packages(words: list[str]) -> None:
    words = [
        word for word in words if word not in {"-e", "-U", "--upgrade", "--no-index", "--no-deps"}
    ]
    packages = []
    while words:
        word = words.pop(0)
        if word in QUIET_OPTIONS:
            value = words.pop(0)
            if word == "--python-version":
                _require_version(value)
        else:
            packages.append(word)
    if not packages:
        raise AssertionError("no package is named")
    for package in packages:
        asked = Requirement(re.sub(r"^\.", PROJECT["name"], package))
        if asked.name != PROJECT["name"] or not asked.extras <= set(
            PROJECT["optional-dependencies"]
        ):
            raise AssertionError(f"no such package or extra of ours: {package}")


def _require_version(version: str) -> None:
    if not SpecifierSet(PROJECT["requires-python"]).contains(version):
        raise AssertionError(f"Python {version} is too old for {PROJECT['requires-python']}")
