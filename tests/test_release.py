"""What goes with a release agrees with it: citation, changelog, classifiers, source distribution."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
import yaml

import greenspace

REQUIRED = {"cff-version", "message", "title", "authors"}  # by the schema of CFF 1.2.0
HEADING = re.compile(r"^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)


@pytest.fixture(scope="module")
def root(repository):
    if not (repository / "pyproject.toml").is_file():
        pytest.skip("no checkout around these tests")
    return repository


@pytest.fixture(scope="module")
def citation(root):
    return yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def releases(root):
    return HEADING.findall((root / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_the_citation_has_what_its_format_requires(citation):
    assert citation.keys() >= REQUIRED
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert all(author.keys() == {"name"} for author in citation["authors"])  # entities, no persons


def test_the_citation_names_this_version_its_authors_and_its_licence(citation, project):
    assert str(citation["version"]) == greenspace.__version__
    assert citation["authors"] == project["project"]["authors"]
    assert citation["license"] == "BSD-3-Clause"


def test_the_changelog_begins_with_this_version_and_the_citation_has_its_date(citation, releases):
    version, when = releases[0]

    assert version == greenspace.__version__
    if when == "unreleased":
        assert "date-released" not in citation
    else:
        assert citation["date-released"] == date.fromisoformat(when)


def test_every_version_has_one_heading_and_the_newest_comes_first(releases):
    versions = [tuple(map(int, version.split("."))) for version, _ in releases]

    assert versions == sorted(set(versions), reverse=True)
    assert all(when != "unreleased" for _, when in releases[1:])


def test_the_source_distribution_holds_every_page_beside_the_code(root, project):
    included = set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
    pages = {f"/{path.name}" for path in [*root.glob("*.md"), *root.glob("*.cff")]}

    assert pages | {"/LICENSE"} <= included


def test_the_oldest_python_is_the_one_that_is_checked_and_classified(project):
    oldest = project["project"]["requires-python"].removeprefix(">=")

    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"Programming Language :: Python :: {oldest}" in project["project"]["classifiers"]


def test_nothing_that_a_test_needs_is_left_out_of_the_extra_test(project):
    extras = project["project"]["optional-dependencies"]
    taken = re.search(r"greenspace\[(.*)\]", " ".join(extras["test"]))[1].split(",")

    assert set(taken) == extras.keys() - {"test", "dev"}
