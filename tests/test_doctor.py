"""Doctor: what is here and what is missing is said, whatever is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata

import pytest

from greenspace import doctor
from greenspace.doctor import examine, lines_of

REQUIRED = [line for line in metadata.requires("greenspace") or [] if "extra ==" not in line]


def named(symptoms):
    return {item.name.en: item for item in symptoms}


def shell(folder, *words, encoding="utf-8"):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), *sys.path])
    command = [sys.executable, "-m", "greenspace", "doctor", *words]
    return subprocess.run(command, capture_output=True, check=False, env=environment)


def test_every_package_that_is_required_is_looked_at():
    packages = [item for item in examine() if item.group is doctor.PACKAGES]

    assert len(packages) == len(REQUIRED) > 15
    assert {item.state for item in packages} == {"fine"}


def test_a_package_that_cannot_be_imported_is_told_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)

    found = named(examine())

    assert found["numba"].state == "missing"
    assert "pip install" in found["numba"].detail.zh
    assert found["scipy"].state == "fine"


def test_a_package_that_is_too_old_or_absent_is_told(monkeypatch):
    installed = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "0.7.9" if name == "geopandas" else installed(name)
    )
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["geopandas>=1.0.1", "no-such-package>=2", "rich"]
    )

    found = named(examine())

    assert found["geopandas"].state == found["no-such-package"].state == "missing"
    assert "1.0.1" in found["geopandas"].detail.en
    assert found["rich"].state == "fine"


def test_an_extra_that_is_not_installed_names_its_feature_and_the_command(monkeypatch):
    asked = ["no-such-package>=2; extra == 'osm'", "rich>=1; extra == 'parquet'"]
    monkeypatch.setattr(metadata, "requires", lambda _: asked)

    found = named(examine())
    osm = found[doctor.FEATURES["osm"].en]

    assert osm.state == "optional"
    assert 'pip install "greenspace[osm]"' in osm.detail.en
    assert found[doctor.FEATURES["parquet"].en].state == "fine"


def test_a_missing_driver_stops_only_where_every_command_needs_it(monkeypatch):
    import pyogrio

    monkeypatch.setattr(pyogrio, "list_drivers", lambda: {"GeoJSON": "rw", "LIBKML": "r"})

    found = named(examine())

    assert found["GPKG"].state == "missing"
    assert found["OpenFileGDB"].state == "optional"
    assert found["KML"].state == "fine"


def test_a_folder_without_room_is_told(monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(doctor, "NamedTemporaryFile", full)

    assert named(examine())["temporary folder"].state == "missing"


@pytest.mark.parametrize(("encoding", "shows"), [("gbk", True), ("utf-8", True), ("cp1252", False)])
def test_a_console_without_chinese_is_told(encoding, shows):
    detail = named(examine(encoding))["encoding of the console"].detail.en

    assert (detail == encoding) is shows


def test_hostile_words_of_a_broken_library_cannot_steer_the_terminal(monkeypatch):
    monkeypatch.setattr(doctor, "_attempt", lambda _: ImportError("\x1b[31mred"))

    assert "\x1b" not in "".join(lines_of(examine(), "en"))


def test_the_command_is_done_where_all_is_here_and_refuses_where_a_library_is_broken(tmp_path):
    whole = shell(tmp_path, encoding="gbk")
    (tmp_path / "rasterio.py").write_text("raise ImportError('DLL load failed')", encoding="utf-8")
    broken = shell(tmp_path, "--lang", "en")

    assert whole.returncode == 0, whole.stderr
    assert "控制台编码：gbk" in whole.stdout.decode("gbk")
    assert broken.returncode == 2
    said = broken.stdout.decode()
    assert "DLL load failed" in said
    assert "[MISSING] rasterio" in said
    assert "[fine] shapely" in said
    assert not broken.stderr
