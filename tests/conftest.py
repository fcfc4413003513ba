"""What every test may ask for: Hypothesis profiles, real cities, a browser, a database."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greenspace.model.check import Check
    from tests.postgis import Playground

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=25,  # a thousand every night
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("nightly", parent=settings.get_profile("ci"), max_examples=1000)
settings.register_profile("explore", parent=settings.get_profile("ci"), derandomize=False)
settings.load_profile(os.environ.get("GREENSPACE_HYPOTHESIS", "ci"))
os.environ.setdefault("MPLBACKEND", "Agg")  # no test opens a window


def real_data_folder() -> Path | None:
    """Return the folder of real cities, or None where there is none."""
    named = os.environ.get("GREENSPACE_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def browser() -> str | None:
    """Return the path of a headless browser, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine has no means for, and say which means."""
    missing = {
        "chromium": None if browser() else "no Chromium on the path",
        "postgis": None
        if os.environ.get("GREENSPACE_POSTGIS")
        else "GREENSPACE_POSTGIS is not set",
        "real_data": None
        if real_data_folder()
        else "no real cities: GREENSPACE_REAL_DATA is not set",
    }
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout, with data/, notebooks/ and docs/."""
    return ROOT


@pytest.fixture(scope="session")
def sample_city(repository: Path) -> Path:
    """The manifest of the committed sample city."""
    return repository / "data" / "sample" / "city.toml"


@pytest.fixture(scope="session")
def sample_check(sample_city: Path) -> Callable[[str], Check]:
    """The check of the sample city by a standard; made once a standard, to be looked at only."""
    from greenspace import check, read_city

    city = cache(read_city)  # reading takes a quarter of a check
    return cache(lambda standard: check(city(sample_city), standard=standard))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real cities; for tests marked real_data."""
    folder = real_data_folder()
    if folder is None:
        pytest.skip("no real cities: GREENSPACE_REAL_DATA is not set")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; for tests marked chromium."""
    path = browser()
    if path is None:
        pytest.skip("no Chromium on the path")
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a town whose numbers can be redone by hand."""
    from tests.town import write_town

    return write_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def postgis() -> Iterator[Playground]:
    """A schema of its own in a database; for tests marked postgis."""
    from tests.postgis import playground

    yield from playground()


@pytest.fixture
def parks(postgis: Playground) -> Playground:
    """The same, with a table of five parks."""
    from tests.postgis import with_parks

    return with_parks(postgis)
