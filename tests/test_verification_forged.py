"""Verifying hostile or moved folders: a sentence or a finding, and no waiting for a device."""

from __future__ import annotations

import json
import shutil

import pytest

from greenspace.errors import GreenspaceError, InputError
from greenspace.verification import verify
from tests.test_verification import (  # noqa: F401
    OWN,
    edit_json,
    home,
    kept,
    write_results,
)


def other_version(folder):
    edit_json(folder / "run.json", lambda run: run["libraries"].update(shapely="1.8.5"))


def test_with_other_versions_findings_are_held_by_number_and_severity(home):  # noqa: F811
    other_version(home / "out")

    def milder(record):
        record["findings"][0]["severity"] = "forged"

    edit_json(home / "out" / "check.json", milder)
    (item,) = verify(home / "out").unlike
    assert (item.part, item.key, item.old) == ("findings", "severity", "forged")


def test_with_other_versions_a_finding_that_was_taken_out_is_named(home):  # noqa: F811
    other_version(home / "out")
    edit_json(home / "out" / "check.json", lambda record: record["findings"].clear())
    assert {item.part for item in verify(home / "out").unlike} == {"findings"}


def test_with_other_libraries_sentences_count_but_for_the_numbers_in_them(home):  # noqa: F811
    other_version(home / "out")
    assert verify(home / "out").unlike == ()

    def forged(record):
        record["overall"]["reason"] = {"zh": "达标", "en": "Meets all 7"}

    edit_json(home / "out" / "check.json", forged)
    assert {(i.part, i.key) for i in verify(home / "out").unlike} >= {("overall", "reason.en")}


def test_with_another_version_of_this_library_no_sentence_is_compared(home):  # noqa: F811
    edit_json(home / "out" / "run.json", lambda run: run["software"].update(version="0.0.9"))
    edit_json(
        home / "out" / "check.json",
        lambda record: record["findings"][0]["text"].update(en="another wording"),
    )
    found = verify(home / "out")
    assert (found.words, found.unlike) == (False, ())


def test_a_file_that_every_check_writes_and_nobody_lists_is_lost(home):  # noqa: F811
    def unlisted(run):
        run["files"] = [item for item in run["files"] if item["path"] != "report.html"]

    edit_json(home / "out" / "run.json", unlisted)
    assert verify(home / "out").lost == ("report.html",)


@pytest.mark.parametrize("manifest", ["/dev/zero", "a\0b", "~nobody-here/x", "a" * 5000])
def test_a_manifest_that_is_no_plain_file_is_refused(home, manifest):  # noqa: F811
    edit_json(home / "out" / "run.json", lambda run: run.update(manifest=manifest))
    with pytest.raises(InputError):
        verify(home / "out")
    with pytest.raises(InputError):
        verify(home / "out", manifest=manifest)


def test_a_standard_that_is_a_device_is_refused(home):  # noqa: F811
    edit_json(home / "out" / "run.json", lambda run: run.update(standard="/dev/zero"))
    with pytest.raises(GreenspaceError):
        verify(home / "out")


@pytest.mark.parametrize("name", ["/dev/zero", "../../../dev/zero", "\0", "", "C:\\x"])
def test_an_input_that_a_forged_record_names_is_not_read(home, name):  # noqa: F811
    (home / "city" / "parks.geojson").unlink()
    edit_json(
        home / "out" / "check.json",
        lambda record: record["inputs"].append({"path": name, "sha256": "b", "roles": []}),
    )
    found = verify(home / "out")
    assert "parks.geojson" in found.inputs_missing
    assert found.inputs_changed == ()


@pytest.mark.parametrize(
    "inputs", [[5], [{"path": None}], [{"path": "a", "roles": 5}], [{"path": "a", "sha256": 3}]]
)
def test_inputs_that_no_check_writes_are_refused(home, inputs):  # noqa: F811
    edit_json(home / "out" / "check.json", lambda record: record.update(inputs=inputs))
    with pytest.raises(InputError) as refused:
        verify(home / "out")
    assert refused.value.file.endswith("check.json")


def test_values_of_other_kinds_are_named(home):  # noqa: F811
    other_version(home / "out")
    edit_json(
        home / "out" / "check.json",
        lambda record: record.update(
            verdicts=5, ratios={"a": [None]}, overall=[], findings=10**400
        ),
    )
    assert not verify(home / "out").identical


def test_a_standard_that_moved_with_the_city_is_found_beside_it(kept, tmp_path):  # noqa: F811
    city = tmp_path / "city"
    shutil.copytree(kept / "city", city)
    own = city / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    out = write_results(city / "city.toml", tmp_path / "out", standard=str(own))
    shutil.move(city, tmp_path / "moved")

    assert verify(out, manifest=tmp_path / "moved").identical

    (tmp_path / "moved" / "own.toml").rename(tmp_path / "elsewhere.toml")
    gone = verify(out, manifest=tmp_path / "moved")
    assert (gone.inputs_missing, gone.identical) == (("own.toml",), False)
    assert isinstance(gone.refused, GreenspaceError)
    named = verify(out, manifest=tmp_path / "moved", standard=str(tmp_path / "elsewhere.toml"))
    assert named.refused is None
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["standard"].endswith(":basic")
