"""The command line: one table or one sentence, the right exit code, and no console it cannot use."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from io import BytesIO, TextIOWrapper

import geopandas as gpd
import pytest
from shapely import Point, box
from typer.testing import CliRunner

import greenspace
from greenspace import commands, pipeline
from greenspace.cli import app, main
from greenspace.present import write as present_write

X, Y = 500_000.0, 3_400_000.0
RED = "\x1b[31m"
CITY = f"""\
[city]
name = "[red]清河"
population = 5000
[layers.built_up]
path = "town.gpkg"
layer = "built_up"
[layers.districts]
path = "town.gpkg"
layer = "districts"
columns = {{ name = "NAME" }}
[layers.parks]
path = "town.gpkg"
layer = "parks"
[layers.residential]
path = "town.gpkg"
layer = "residential"
[report]
prepared_by = "{RED.encode("unicode_escape").decode().replace("x1b", "u001b")}"
"""


def square(x, y, side):
    return box(X + x, Y + y, X + x + side, Y + y + side)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """A town of one square kilometre with hostile names: 1 ha of park for 5000 people."""
    folder = tmp_path_factory.mktemp("town")
    layers = {
        "built_up": ([square(0, 0, 1000)], {}),
        "districts": ([square(0, 0, 1000)], {"NAME": [f"[red]{RED}东²区"]}),
        "parks": ([square(0, 0, 100)], {}),
        "residential": ([square(0, 200, 100)], {}),
        "points": ([Point(X, Y)], {}),
        "far": ([square(90_000, 0, 100)], {}),
        "empty": ([], {}),
    }
    for name, (shapes, columns) in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)
        frame.to_file(folder / "town.gpkg", layer=name, geometry_type=None if shapes else "Polygon")
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    return folder


@pytest.fixture
def folder(town, tmp_path):
    """A copy of the town to write beside."""
    return shutil.copytree(town, tmp_path / "town")


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def shell(*words, encoding="utf-8", cwd=None):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "greenspace", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, env=environment, cwd=cwd)


def screen(monkeypatch, *words, encoding):
    """Run the program here, before a console of an encoding: exit code, output, errors."""
    out, err = (TextIOWrapper(BytesIO(), encoding=encoding) for _ in range(2))
    with monkeypatch.context() as here, warnings.catch_warnings():
        here.setattr(sys, "argv", ["greenspace", *map(str, words)])
        here.setattr(sys, "stdout", out)
        here.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as left:
            main()
        out.flush()
        err.flush()
    return left.value.code, out.buffer.getvalue(), err.buffer.getvalue()


# --- what it offers ---------------------------------------------------------------------


def test_help_lists_the_commands_that_work():
    result = run("--help")

    listed = result.stdout.partition("Commands:")[2].split("\n")
    commands_listed = {line.split()[0] for line in listed if re.match(r"  \w", line)}
    assert commands_listed == {
        "check",
        "check-all",
        "compare",
        "coverage",
        "doctor",
        "green-line",
        "init",
        "map",
        "sample",
        "service",
        "standards",
        "validate",
        "verify",
    }


def test_it_says_its_version():
    assert run("--version").stdout == f"greenspace {greenspace.__version__}\n"


def test_asking_for_help_loads_nothing_heavy():
    code = (
        "import sys, greenspace.cli;"
        "print({'geopandas', 'matplotlib', 'numpy', 'pandas', 'rasterio'}"
        " & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(("lang", "word"), [("zh", "暂定"), ("en", "superseded by CN-2016")])
def test_standards_are_listed_with_how_sure_they_are(lang, word):
    result = run("standards", "--lang", lang)

    assert result.exit_code == 0
    assert set(greenspace.standards()["id"]) <= set(result.stdout.split())
    assert word in result.stdout
    assert "nan" not in result.stdout.lower().split()


# --- check ------------------------------------------------------------------------------


def test_a_check_prints_its_table_and_writes_nothing(folder):
    before = sorted(folder.iterdir())
    result = run("check", folder / "city.toml", "--standard", "CN-2010")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "2.00 m²/人" in result.stdout  # 10 000 m2 of park over 5000 persons
    assert sorted(folder.iterdir()) == before


def test_the_other_language_is_english(folder):
    result = run("check", folder / "city.toml", "--standard", "CN-2010", "--lang", "en")

    assert "2.00 m²/person" in result.stdout


def test_failing_the_standard_is_a_result_unless_strict(folder):
    assert run("check", folder / "city.toml").exit_code == 0
    assert run("check", folder / "city.toml", "--strict").exit_code == 1


def test_a_pass_is_zero_even_when_strict(folder, monkeypatch):
    monkeypatch.setattr("greenspace.model.check.Check.verdict", "pass")

    assert run("check", folder / "city.toml", "--strict").exit_code == 0


def test_names_in_the_data_cannot_colour_or_steer_the_console(folder):
    result = run("check", folder / "city.toml")

    assert "[red]清河" in result.stdout
    assert "\x1b" not in result.stdout


def test_results_are_written_once_and_replaced_only_by_force(folder):
    out = folder.parent / "out"
    words = ("check", folder / "city.toml", "-o", out, "--standard", "CN-2010")
    first = run(*words)
    report = (out / "report.html").stat().st_mtime_ns

    assert first.exit_code == 0
    assert str(out) in first.stdout.replace("\n", "")
    assert run(*words).exit_code == 2
    assert (out / "report.html").stat().st_mtime_ns == report
    assert run(*words, "--force").exit_code == 0
    assert (out / "report.html").stat().st_mtime_ns != report


def test_an_occupied_folder_is_refused_before_anything_is_measured(folder, monkeypatch):
    monkeypatch.setattr(pipeline, "check", pytest.fail)
    result = run("check", folder / "city.toml", "-o", folder, "--force")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_only_verified_numbers_may_be_demanded(folder):
    result = run("check", folder / "city.toml", "--standard", "CN-2022", "--verified-only")

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


# --- refusals ---------------------------------------------------------------------------

WRONG = {
    "missing file": ("town.gpkg", "twon.gpkg"),
    "missing layer": ('layer = "parks"', 'layer = "park"'),
    "missing column": ('"NAME"', '"NAEM"'),
    "wrong kind": ('layer = "parks"', 'layer = "points"'),
    "elsewhere": ('layer = "parks"', 'layer = "far"'),
    "empty layer": ('layer = "parks"', 'layer = "empty"'),
    "no people": ("population = 5000", "population = 0"),
    "misspelt key": ("population", "populaton"),
    "backslashes": ("town.gpkg", r"D:\data\town.gpkg"),
    "no toml": ("[city]", "[city"),
    "unknown standard": ('name = "[', 'standard = "CN-1900"\nname = "['),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slip", WRONG)
def test_every_slip_is_one_sentence_and_leaves_nothing_behind(folder, slip, lang):
    text = CITY.replace(*WRONG[slip])
    assert text != CITY
    (folder / "city.toml").write_text(text, encoding="utf-8")
    out = folder.parent / "out"
    result = run("check", folder / "city.toml", "-o", out, "--lang", lang)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert bool(re.search("[\u4e00-\u9fff]{3}", result.stderr)) is (lang == "zh")
    assert not out.exists()


def test_a_manifest_saved_as_gbk_is_one_sentence(folder):
    (folder / "city.toml").write_text(CITY, encoding="gbk")
    result = run("check", folder / "city.toml")

    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_a_missing_manifest_is_one_sentence(tmp_path):
    result = run("check", tmp_path / "city.toml")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_name_in_a_refusal_cannot_steer_the_console(folder):
    text = CITY.replace('layer = "parks"', r'layer = "\u001b[31mparks"')
    (folder / "city.toml").write_text(text, encoding="utf-8")
    result = run("check", folder / "city.toml")

    assert result.exit_code == 2
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied", "here"), OSError(28, "x")]
)
def test_trouble_with_the_disk_is_one_sentence(folder, monkeypatch, error):
    monkeypatch.setattr(pipeline, "check", lambda *_, **__: (_ for _ in ()).throw(error))
    result = run("check", folder / "city.toml")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_stopping_while_measuring_says_so(folder, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "check", stop)
    result = run("check", folder / "city.toml", "--lang", "en")

    assert (result.exit_code, result.stderr) == (130, "Stopped; nothing was written.\n")


def test_stopping_while_writing_leaves_nothing_half_written(folder, monkeypatch):
    def stop(*words):
        (words[-1] / "report.html").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(present_write, "_fill", stop)
    before = sorted(folder.parent.rglob("*"))
    result = run("check", folder / "city.toml", "-o", folder.parent / "out")

    assert result.exit_code == 130
    assert sorted(folder.parent.rglob("*")) == before


# --- init and sample --------------------------------------------------------------------


def test_a_draft_can_be_checked(folder):
    (folder / "city.toml").unlink()
    drafted = run("init", folder, "--name", f"清河{RED}")
    checked = run("check", folder / "city.toml")

    assert (drafted.exit_code, checked.exit_code) == (0, 0)
    assert "city.toml" in drafted.stdout.replace("\n", "")
    assert "清河" in checked.stdout


def test_a_draft_does_not_replace_a_manifest_unasked(folder):
    refused = run("init", folder)

    assert refused.exit_code == 2
    assert (folder / "city.toml").read_text(encoding="utf-8") == CITY
    assert run("init", folder, "--force").exit_code == 0
    assert (folder / "city.toml").read_text(encoding="utf-8") != CITY


def test_a_draft_of_no_folder_is_refused(tmp_path):
    assert run("init", tmp_path / "nowhere").exit_code == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [((), {"force": False}), (("--seed", "3", "--force"), {"seed": 3, "force": True})],
)
def test_the_sample_is_asked_for_with_its_seed(tmp_path, monkeypatch, words, expected):
    asked = {}

    def fake(folder, **options):
        asked.update(options)
        return folder / "city.toml"

    monkeypatch.setattr("greenspace.sample.write_sample", fake)
    result = run("sample", tmp_path / "town", *words)

    assert (result.exit_code, asked) == (0, expected)
    assert "city.toml" in result.stdout.replace("\n", "")


# --- consoles ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "lang"), [("gbk", "zh"), ("cp936", "en"), ("ascii", "zh"), ("cp437", "en")]
)
def test_no_console_makes_it_fail(town, encoding, lang, monkeypatch):
    code, out, err = screen(
        monkeypatch, "check", town / "city.toml", "--lang", lang, encoding=encoding
    )

    assert (code, err) == (0, b"")
    assert ("2.00 m²/" if encoding == "cp437" else "2.00 m2/") in out.decode(encoding)


def test_a_check_reaches_the_gbk_console_of_a_process_of_its_own(town):
    shown = shell("check", "city.toml", "--lang", "zh", encoding="gbk", cwd=town)

    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "2.00 m2/" in shown.stdout.decode("gbk")


def test_a_refusal_reaches_a_gbk_console(tmp_path):
    shown = shell("check", "没有这个²文件.toml", encoding="gbk", cwd=tmp_path)

    assert shown.returncode == 2
    assert shown.stderr.decode("gbk").startswith("找不到文件。")


def test_help_reaches_an_ascii_console():
    assert shell("--help", encoding="ascii").returncode == 0


def test_what_a_console_lacks_is_written_by_its_like():
    assert commands.show_anywhere("≥ 9 m²", "ascii") == ">= 9 m2"
