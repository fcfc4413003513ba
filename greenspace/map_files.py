"""Map files: what the command ``map`` makes of a city, by the ending of the file.

Question   Is this a sheet, an atlas or a page to point at, and can it be written before all else?
Enters     A manifest, a file and options.
Leaves     The file, and the maps that were left out with their reasons.
Elsewhere  Maps of a city: city_maps. Sheets: map_sheets. The page: present/interactive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from greenspace.city_maps import CityMaps
from greenspace.errors import InputError
from greenspace.map_names import SHEETS, sheet_named
from greenspace.map_sheets import PAGES, atlas_pages
from greenspace.model.words import Text
from greenspace.present.atlas import write_atlas_file
from greenspace.present.interactive import interactive_map
from greenspace.present.interactive_page import bokeh_js
from greenspace.present.map_file import KINDS, check_free, sheet_kind, write_sheet
from greenspace.present.paper import SIZES
from greenspace.present.write import inputs_of
from greenspace.read.city import read_city

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from greenspace.errors import GreenspaceError
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

    Progress = Callable[[int, int, Text], None]

HTML: Final = ".html"


@dataclass(frozen=True, slots=True)
class Made:
    """A file, and the maps that an atlas of all of them does not have."""

    path: Path
    left_out: Mapping[str, GreenspaceError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of the command."""

    sheet: str | None = None
    atlas: str | None = None
    size: str = "A3"
    scale: float | None = None
    landscape: bool | None = None
    palette: Palette = "standard"

    @property
    def paper(self) -> dict[str, Any]:
        """What the sheets take."""
        return {
            "size": self.size,
            "scale": self.scale,
            "landscape": self.landscape,
            "palette": self.palette,
        }


def make_map(
    manifest: Path,
    output: Path,
    asked: Asked,
    *,
    standard: str | None = None,
    language: Language = "zh",
    force: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write the map that is asked for; refuse what cannot be before anything is measured.

    Raises
    ------
    InputError
        The options do not suit each other or the file, or as `write_map` and `interactive_map`.
    MissingExtraError
        A page is asked for, and Bokeh is not installed.
    """
    kind = _kind(output, asked)
    if kind == HTML:
        bokeh_js()  # before anything is measured
    city = read_city(manifest)
    target = output.expanduser().resolve()
    if target in {file.resolve() for file in inputs_of(city)}:
        raise InputError(
            "输出文件是清单或输入数据，不能写入。",
            "The output is the manifest or an input, so it is not written to.",
            remedy=Text("请换一个文件名。", "Name another file."),
            file=output,
        )
    check_free(target, force=force)
    maps = CityMaps(city, standard=standard, progress=progress)
    if kind == HTML:
        return Made(interactive_map(maps.check, target, language=language, force=force))
    if asked.sheet is not None and asked.atlas is None:
        theme = maps.theme(asked.sheet)
        paper = asked.paper
        return Made(write_sheet(theme, target, language=language, force=force, **paper))
    overview, pages = atlas_pages(maps, asked.atlas or "theme", asked.sheet)

    def said(done: int, steps: int) -> None:
        if progress is not None:
            progress(done, steps, PAGES)

    path = write_atlas_file(
        pages,
        target,
        overview=overview,
        language=language,
        force=force,
        said=said,
        **asked.paper,
    )
    return Made(path, maps.left_out)


def _kind(output: Path, asked: Asked) -> str:
    """Return the ending of the file, once the options suit it and one another."""
    kind = sheet_kind(output, (*KINDS, HTML))
    if asked.sheet is not None:
        sheet_named(asked.sheet)
    if asked.size.upper() not in SIZES:
        raise _unsuited("--size", asked.size, tuple(SIZES))
    if kind == HTML and (asked.sheet or asked.atlas or asked.scale):
        raise InputError(
            "网页地图含全部图层，不分图幅，没有印刷比例尺。",
            "A page has every layer, no sheets and no printed scale.",
            remedy=Text(
                "请去掉 --sheet、--atlas 和 --scale，或输出为 .pdf。",
                "Leave --sheet, --atlas and --scale out, or write a .pdf.",
            ),
            file=output,
        )
    if kind not in {HTML, ".pdf"} and (asked.sheet is None or asked.atlas is not None):
        raise InputError(
            f"{kind} 文件只有一张图。",
            f"A {kind} holds one sheet.",
            remedy=Text(
                zh=f"请用 --sheet 指定（{'、'.join(SHEETS)}），或输出为 .pdf。",
                en=f"Name it by --sheet ({', '.join(SHEETS)}), or write a .pdf.",
            ),
            file=output,
            expected=SHEETS,
        )
    if asked.atlas == "line" and asked.sheet not in {None, "green_line"}:
        raise _unsuited("--atlas line --sheet", str(asked.sheet), ("green_line",))
    return kind


def _unsuited(option: str, found: str, expected: tuple[str, ...]) -> InputError:
    names = ", ".join(expected)
    return InputError(
        f"{option} 不能是 {found}。",
        f"{option} cannot be {found}.",
        remedy=Text(zh=f"可用：{names}。", en=f"Use {names}."),
        expected=expected,
        found=found,
    )
