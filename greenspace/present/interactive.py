"""Interactive: a check as one HTML map that anyone opens by double click.

Question   Where does each number of the check lie, and what is this place called?
Enters     A Check, a path, a language.
Leaves     One HTML file, whole or not at all, that asks nothing of the network.
Elsewhere  Its layers: interactive_layers. The page: interactive_page. Maps on paper: maps, sheets.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import InputError
from greenspace.model.page import Page
from greenspace.model.words import Text
from greenspace.present.front import front
from greenspace.present.ground import VEGETATION_RAMP, in_crs
from greenspace.present.interactive_layers import check_layers
from greenspace.present.interactive_page import page_html
from greenspace.present.interactive_view import Backdrop, View
from greenspace.present.interactive_words import page_word
from greenspace.present.record import crs_name, relative_name
from greenspace.present.rows import banner
from greenspace.present.style import UNSEEN
from greenspace.present.words import clean, word
from greenspace.present.write import inputs_of, write_text_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.model.check import Check
    from greenspace.model.words import Language

PAGES = (".html", ".htm")
OPAQUE = 255


def interactive_map(
    check: Check, path: Path | str, *, language: Language = "zh", force: bool = False
) -> Path:
    """Write a check as one interactive HTML map, whole or not at all.

    Layers can be switched, names searched, and the numbers of whatever lies under the pointer are
    shown as in ``check.json``: areas in m² and lengths in m of the shapes as they were measured,
    in the measuring CRS. Only what is drawn is simplified, so that a city of forty thousand blocks
    stays below 15 MB. The page carries its script, font and data and asks nothing of the network.

    Parameters
    ----------
    check
        As `gs.check` returns it.
    path
        Of the file, ``.html``.
    language
        ``zh`` or ``en``.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        The path does not end in ``.html``, is an input of the check, exists without `force`, or
        cannot be written.
    MissingExtraError
        Bokeh is not installed: ``pip install "greenspace[interactive]"``.

    Examples
    --------
    >>> import greenspace as gs
    >>> gs.interactive_map(gs.check("city.toml"), "map.html")  # doctest: +SKIP
    PosixPath('/city/map.html')
    """
    target = Path(path)
    if target.suffix.lower() not in PAGES:
        raise InputError(
            f"交互地图写成网页，{target.name} 的扩展名不是 .html。",
            f"An interactive map is a web page, and {target.name} does not end in .html.",
            remedy=Text("请把文件名改为以 .html 结尾。", "Name a file that ends in .html."),
            file=target,
            expected=PAGES[0],
            found=target.suffix,
        )
    if target.resolve() in {file.resolve() for file in inputs_of(check.city)}:
        raise InputError(
            "输出文件是清单或输入数据，不能写入。",
            "The output is the manifest or an input, so it is not written to.",
            remedy=Text("请换一个文件名。", "Name another file."),
            file=target,
        )
    html = page_html(check_view(check, language), language)
    return write_text_atomically(target, html, force=force)


def explore_check(check: Check, *, language: Language = "zh") -> Page:
    """Return the same map as a page that shows itself in a notebook."""
    return Page(page_html(check_view(check, language), language))


def check_view(check: Check, language: Language) -> View:
    """Return everything that the page of a check shows."""
    head = front(check, language)
    name = clean(check.city.name)
    return View(
        title=page_word("title", language).format(name=name),
        subtitle=head.standard,
        verdict=(head.verdict, head.overall),
        banner=banner(check, language),
        notes=list(_notes(check, language)),
        layers=check_layers(check, language),
        backdrops=list(_pictures(check, language)),
        crs=check.crs,
    )


def _notes(check: Check, language: Language) -> Iterator[str]:
    """Give date, sources, CRS, north, and what it was made with."""
    head, city = front(check, language), check.city
    yield from head.statements
    unknown = word("date_unknown", language)
    date = unknown if city.date is None else city.date.isoformat()
    yield word("date_of_data", language).format(date=date)
    if city.image is not None:
        taken = unknown if city.image.date is None else city.image.date.isoformat()
        yield word("date_of_image", language).format(date=taken)
    names = dict.fromkeys(clean(relative_name(source.name)) for source in check.inputs)
    yield word("source_of_map", language).format(names=", ".join(names))
    edition = city.editions.get("green")
    if edition:
        yield word("codes", language).format(edition=clean(edition))
    yield word("crs_of_map", language).format(name=clean(crs_name(check.crs) or unknown))
    local = check.crs is None or not check.crs.is_projected
    yield word("north_grid" if local else "north", language)
    yield head.made_with


def _pictures(check: Check, language: Language) -> Iterator[Backdrop]:
    """Give what the image shows green, and the image itself."""
    picture = check.picture
    if picture is None or check.crs is None:
        return
    green, bounds = in_crs(picture, picture.green, check.crs)
    ramp = VEGETATION_RAMP.with_extremes(bad=UNSEEN)
    pixels = (ramp(np.ma.masked_invalid(green)) * OPAQUE).round().astype(np.uint8)
    group = page_word("vegetation", language)
    yield Backdrop(key="vegetation", title=group, pixels=pixels, bounds=bounds)
    if picture.colours is not None:
        colours, bounds = in_crs(picture, picture.colours, check.crs)
        title = page_word("image", language)
        yield Backdrop(key="image", title=title, pixels=colours, bounds=bounds)
