"""The report in a real browser with the network off: it opens, in both languages, with its maps."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.chromium
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-device-scale-factor=0.5",
    "--window-size=1100,60000",  # the maps stand far below the tables
)
PARK_GREEN = (0x4C, 0xA6, 0x4C)
NEAR = 12


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request, sample_check, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "out"
    sample_check("CN-2010").write(folder, language=request.param)
    return request.param, folder / "report.html"


def open_in(chromium, page, profile, *wanted):
    command = [chromium, *FLAGS, f"--user-data-dir={profile}", *wanted, page.as_uri()]
    return subprocess.run(command, capture_output=True, check=True, timeout=120)


def test_report_opens_with_the_network_off(report, chromium, tmp_path):
    language, page = report

    dom = open_in(chromium, page, tmp_path / "profile", "--dump-dom").stdout.decode("utf-8")

    assert {"zh": "总评", "en": "Overall"}[language] in dom
    assert f'lang="{language}' in dom
    assert "41.37%" in dom
    assert not re.findall(r"(?:src|href)=[\"'](?!data:|#)[^\"']*", dom)


def test_report_shows_its_maps(report, chromium, tmp_path):
    _, page = report
    picture = tmp_path / "page.png"

    open_in(chromium, page, tmp_path / "profile", f"--screenshot={picture}")

    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    green = (np.abs(pixels - PARK_GREEN) < NEAR).all(axis=2)
    assert green.sum() > 2_500
