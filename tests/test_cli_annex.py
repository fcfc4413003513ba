"""``check --annex``: refused without a folder, before anything is read."""

from __future__ import annotations

from typer.testing import CliRunner

from greenspace.cli import app


def test_an_annex_without_a_folder_is_refused_with_the_next_step(tmp_path):
    found = CliRunner().invoke(app, ["check", str(tmp_path / "none.toml"), "--annex"])
    assert found.exit_code == 2
    assert "-o" in found.output
    assert "none.toml" not in found.output
