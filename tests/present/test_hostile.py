"""Hostile names, by a whole check: they are shown as words, and are nothing else anywhere."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from greenspace.cli import app
from tests.town import LAYERS, MANIFEST

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://x","y")'
COMMAND = "=cmd|' /C calc'!A0"
SQL = "'; DROP TABLE parks; --"
CLIMB = "../../etc/passwd"
CODES = "\x1b[31mred\x1b]0;title\x07"
TURNED = "\u202egpj.exe\u2066"
MARKUP = "[bold red]{{ 7 * 7 }}[/]"
FILE = "'; DROP TABLE parks; -- [b]@SUM(1).gpkg"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def toml(text):
    return json.dumps(text)  # a JSON string is a TOML string


def write_hostile_town(folder, codes=()):
    layers = dict(LAYERS)
    layers["districts"] = layers["districts"].assign(NAME=[SCRIPT + CODES, FORMULA + TURNED])
    layers["parks"] = layers["parks"].assign(NAME=[f"@SUM(1){CLIMB}{CODES}"])
    if codes:
        layers["green"] = layers["green"].assign(CLASS=codes)
    for name, frame in layers.items():
        frame.to_file(folder / "city.gpkg", layer=name)
    (folder / "city.gpkg").rename(folder / FILE)
    manifest = MANIFEST.replace('"city.gpkg"', toml(FILE))
    manifest = manifest.replace('"试城"', toml(f"{FORMULA}{SCRIPT}{SQL}{CODES}{TURNED}"))
    manifest = manifest.replace('"城区人口"', toml(f"+1{MARKUP}{CLIMB}{CODES}"))
    manifest += f"[report]\nprepared_by = {toml('-1' + SCRIPT + TURNED)}\n"
    (folder / "city.toml").write_text(manifest, encoding="utf-8")
    return folder / "city.toml"


@pytest.fixture(scope="module", params=["zh", "en"])
def run(request, tmp_path_factory):
    """The output of a check on the command line, and the folder that it wrote."""
    home = tmp_path_factory.mktemp("hostile")
    path = write_hostile_town(home)
    words = ["check", str(path), "-o", str(home / "out"), "--standard", "CN-2010"]
    result = CliRunner().invoke(app, [*words, "--lang", request.param])
    assert result.exit_code == 0, result.output
    return result, home / "out"


def odd(text):
    """Return characters that a terminal or an editor would obey instead of showing."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs"}} - {"\n"}


class Page(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data):
        self.text.append(data)


def test_the_terminal_is_told_words_only(run):
    result, _ = run
    assert odd(result.output) == set()
    assert "<script>" in result.output  # shown, not swallowed


@pytest.mark.parametrize("language", ["zh", "en"])
def test_codes_that_no_edition_knows_are_refused_in_words(tmp_path, language):
    path = write_hostile_town(tmp_path, [COMMAND, SCRIPT, CODES + TURNED])
    result = CliRunner().invoke(app, ["check", str(path), "--lang", language])
    assert result.exit_code == 2
    assert odd(result.output) == set()


def test_no_file_is_named_by_the_city(run):
    _, folder = run
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"report.html", "indicators.xlsx", "check.json", "layers.gpkg", "run.json"} <= names
    assert all(re.fullmatch(r"(maps/)?[a-z_]+\.[a-z]+", name) for name in names)
    assert {path.name for path in folder.parent.iterdir()} == {FILE, "city.toml", "out"}


def test_the_report_holds_the_names_as_text(run):
    _, folder = run
    html = (folder / "report.html").read_text(encoding="utf-8")
    page = Page(html)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in {"href", "src", "action"}]
    assert all(link.startswith(("#", "data:")) or "://x" not in link for link in links)
    assert "<script>alert(1)</script>" in "".join(page.text)
    assert "{{ 7 * 7 }}" in "".join(page.text)
    assert odd(html) == set()


def test_the_workbook_computes_nothing(run):
    _, folder = run
    path = folder / "indicators.xlsx"
    cells = [
        cell
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    risky = [cell for cell in texts if cell.value.startswith(FORMULAS)]
    assert [cell for cell in risky if cell.value.startswith("=HYPERLINK")]
    assert all(cell.quotePrefix for cell in risky)
    assert set().union(*(odd(cell.value) for cell in texts)) == set()
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in sheets if b"<f>" in book.read(name)]
        assert not [name for name in book.namelist() if "externalLink" in name or ".." in name]


def test_the_word_report_holds_the_names_as_text(run):
    _, folder = run
    with zipfile.ZipFile(folder / "report.docx") as parts:
        assert not [name for name in parts.namelist() if ".." in name or "vba" in name.lower()]
        links = [parts.read(name) for name in parts.namelist() if name.endswith(".rels")]
        body = parts.read("word/document.xml").decode()
    assert not [link for link in links if b'TargetMode="External"' in link]
    assert odd(body.replace("\r", "")) == set()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "DDE" not in body


def test_json_is_plain_json_and_speaks_no_codes(run):
    _, folder = run
    for name in ("check.json", "run.json"):
        text = (folder / name).read_text(encoding="utf-8")
        json.loads(text)
        assert odd(text) == set(), name


def test_the_layers_are_all_there_and_their_text_is_plain(run):
    _, folder = run
    with closing(sqlite3.connect(folder / "layers.gpkg")) as file:
        tables = [row[0] for row in file.execute("SELECT table_name FROM gpkg_contents")]
        assert {"districts", "parks", "green", "built_up", "findings"} <= set(tables)
        for table in tables:
            rows = file.execute(f'SELECT * FROM "{table}"').fetchall()
            texts = [value for row in rows for value in row if isinstance(value, str)]
            assert rows
            assert set().union(*map(odd, texts)) == set()


def test_the_maps_carry_no_actions(run):
    _, folder = run
    for path in (folder / "maps").glob("*.pdf"):
        content = path.read_bytes()
        assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|URI|AA)\b", content)
