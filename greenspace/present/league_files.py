"""League files: many cities for a browser, a spreadsheet and a GIS.

Question   What lies in ``out/league/`` after ``greenspace check-all``?
Enters     A League, a folder, a language.
Leaves     league.html, league.xlsx, league.parquet, run.json: whole or not at all.
Elsewhere  All or nothing: folder. The page: league_page. Sheets: league_workbook.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenspace.errors import InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present.folder import RUN_FILE, record_of, replace_folder, sha256_of
from greenspace.present.league_page import league_html
from greenspace.present.league_tables import city_ground
from greenspace.present.league_words import T
from greenspace.present.league_workbook import write_league_workbook
from greenspace.present.write import write_run

if TYPE_CHECKING:
    from greenspace.model.league import League
    from greenspace.model.words import Language

KIND: Final = {"kind": "league"}
NO_PARQUET: Final = Finding(code="no_geoparquet", text=T["no_parquet"], severity="warning")


def write_league(
    league: League,
    folder: Path | str,
    *,
    language: Language = "zh",
    force: bool = False,
    as_of: datetime | None = None,
) -> League:
    """Write the league into a folder, whole or not at all; return it with what was left out.

    It is made anew from the cities' folders at each run, so an earlier league is replaced
    without `force`, unless somebody edited it.

    Raises
    ------
    InputError
        The folder holds files of other origin, or a league that somebody edited.
    """
    moment = as_of or datetime.now(UTC)
    told = league
    if find_spec("pyarrow") is None:
        told = replace(league, findings=(*league.findings, NO_PARQUET))
    target = Path(folder).expanduser().resolve()
    over = force or require_replaceable(target)
    replace_folder(target, partial(_fill, told, language, moment), force=over)
    return told


def require_replaceable(target: Path) -> bool:
    """Return whether an earlier league lies there that nobody edited.

    Raises
    ------
    InputError
        Somebody did.
    """
    run = _run(target / RUN_FILE)
    if run.get("kind") != KIND["kind"]:
        return False
    edited = [
        str(item["path"])
        for item in run["files"]
        if (target / item["path"]).is_file() and sha256_of(target / item["path"]) != item["sha256"]
    ]
    if edited:
        raise InputError(
            "汇总文件夹中有写出后又经修改的文件，不予替换。",
            "The folder of the league holds files that somebody edited since; it is not replaced.",
            remedy=Text(
                zh="请把这些文件移到别处，或加 --force（force=True）。",
                en="Move these files elsewhere, or pass --force (force=True).",
            ),
            file=target.name,
            rows=edited,
        )
    return True


def _run(path: Path) -> dict[str, Any]:
    """Return a run file of ours; empty where there is none."""
    run = record_of(path)
    try:
        if all(isinstance(item["path"], str) and item["sha256"] for item in run["files"]):
            return run
    except (LookupError, TypeError):
        pass
    return {}


def _fill(league: League, language: Language, moment: datetime, folder: Path) -> None:
    page = league_html(league, language)
    (folder / "league.html").write_text(page, encoding="utf-8", newline="\n")
    write_league_workbook(league, folder / "league.xlsx")
    if NO_PARQUET not in league.findings:
        city_ground(league).to_parquet(folder / "league.parquet", index=False)
    cities = [{"id": row.id, "state": row.state} for row in league.rows]
    write_run({**KIND, "cities": cities}, folder, moment)
