"""Ranges: numbers that no reflectance can be, and the scale that was probably forgotten.

Question   Can these be the reflectances that a formula asks for?
Enters     The numbers of one window, as the image holds them.
Leaves     A refusal or a warning that names the likely scale and offset.
Elsewhere  Whose scale holds: read/scaling. Indices: prepare/indices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.grid import Numbers

    Floats = NDArray[np.float64]

EVERY = 8  # rows and columns apart: what is looked at of a window
FEWEST = 16
BRIGHTEST = 2.0  # sunlit cloud and glint lie below it
FAR = 10.0  # times that: what even a few pixels of glint do not reach
DARKEST = 1e-3  # clear water in the near infrared is about as dark, and not alone in a window
LANDSAT_FLOOR = 5000.0
SENTINEL_FLOOR = 1000.0
BYTE = 255.0
LANDSAT = Text(
    zh="陆地卫星 Collection 2 Level 2 为 scale=0.0000275, offset=-0.2（Level 1 见其 MTL 文件）",
    en="Landsat Collection 2 Level 2 has scale=0.0000275, offset=-0.2 (Level 1: see its MTL file)",
)
SENTINEL = Text(
    zh="哨兵二号 L2A 自处理版本 04.00 起为 scale=0.0001, offset=-0.1",
    en="Sentinel-2 L2A has scale=0.0001, offset=-0.1 from processing baseline 04.00 on",
)
TEN_THOUSANDTHS = Text(
    zh="反射率常存为万分之几：scale=0.0001, offset=0",
    en="reflectance is often stored in ten-thousandths: scale=0.0001, offset=0",
)
PICTURE = Text(
    zh="0–255 的图像没有反射率，请改用 ndvi 或 exg",
    en="an image of 0 to 255 holds no reflectance: use ndvi or exg",
)


def numbers_seen(numbers: Numbers) -> Floats:
    """Return some of the numbers of a window, a row a band, where all bands are data.

    They lie on every eighth row and column of the image, whatever the window; where fewer than
    `FEWEST` do, they are all that the window shows.
    """
    window = numbers.window
    some = _seen(numbers, np.s_[-window.row % EVERY :: EVERY, -window.col % EVERY :: EVERY])
    return some if some.shape[1] >= FEWEST else _seen(numbers, np.s_[:, :])


def _seen(numbers: Numbers, place: tuple[slice, slice]) -> Floats:
    planes = numbers.planes[(slice(None), *place)]
    found = planes.reshape(len(planes), -1).astype(np.float64)
    seen = np.isfinite(found).all(axis=0)
    for plane, blank in zip(found, numbers.blanks, strict=True):
        seen &= plane != blank
    if numbers.data is not None:
        seen &= numbers.data[place].ravel()
    return found[:, seen]


def require_reflectance(numbers: Numbers, index: str, file: str) -> None:
    """Refuse a window whose values cannot be reflectance, for an index that needs it.

    The middle value of the brightest band should be at most `BRIGHTEST`, and the greatest of
    all at least `DARKEST`; every eighth pixel of every eighth row is looked at, all of a small
    window. Fewer than `FEWEST` pixels are refused only far beyond `BRIGHTEST`.

    Raises
    ------
    RasterError
        The scale was forgotten, or applied twice; names the likely one.
    """
    held = numbers_seen(numbers)
    if not held.size:
        return
    terms = np.array([numbers.scales, numbers.offsets], dtype=np.float64)[:, :, None]
    values = held * terms[0] + terms[1]
    brightest = float(np.median(values, axis=1).max())
    few = held.shape[1] < FEWEST
    if brightest <= BRIGHTEST * (FAR if few else 1) and (few or float(values.max()) >= DARKEST):
        return
    likely = _likely(held)
    shown = brightest if brightest > BRIGHTEST else float(values.max())
    raise RasterError(
        f"{index.upper()} 需要反射率，而数值为 {shown:g} 左右：比例和偏移有误，或用了两次。",
        f"{index.upper()} needs reflectance, and the values are about {shown:g}: scale and offset "
        "are wrong, or were applied twice.",
        remedy=Text(
            zh=f"请核对 scale 和 offset。{likely.zh}。",
            en=f"Check scale and offset: {likely.en}.",
        ),
        file=file,
        expected=(DARKEST, BRIGHTEST),
        found=shown,
    )


def darkest_number(numbers: Numbers) -> float:
    """Return the smallest number looked at in any band; infinity where none is seen."""
    held = numbers_seen(numbers)
    return float(held.min()) if held.size else np.inf


def forgotten_scale(index: str, darkest: float) -> tuple[Finding, ...]:
    """Return a warning where numbers are so large everywhere that an offset is missing.

    Examples
    --------
    >>> [finding.severity for finding in forgotten_scale("ndvi", 7354)]
    ['warning']
    >>> forgotten_scale("ndvi", 128)
    ()
    """
    if not SENTINEL_FLOOR < darkest < np.inf:
        return ()
    likely = LANDSAT if darkest >= LANDSAT_FLOOR else SENTINEL
    text = Text(
        zh=f"影像各波段的数值都不小于 {darkest:g}，看来存储时加过偏移；不减去它，{index.upper()} 偏小且有误。"
        f"{likely.zh}。请给出 scale 和 offset，或 sensor。",
        en=f"No number looked at is below {darkest:g}: they seem to be stored with an offset, and "
        f"{index.upper()} is too flat without it. {likely.en}. Pass scale and offset, or sensor.",
    )
    return (
        Finding(
            code="scale_forgotten",
            text=text,
            severity="warning",
            layer="image",
            indicators=("green_coverage",),
        ),
    )


def _likely(held: NDArray[Any]) -> Text:
    if held.min() >= LANDSAT_FLOOR:
        return LANDSAT
    if held.max() > BYTE:
        return TEN_THOUSANDTHS
    if held.max() > BRIGHTEST:
        return PICTURE
    return Text(
        zh="数值已是反射率时为 scale=1, offset=0",
        en="where the values are reflectance already, scale=1 and offset=0",
    )
