"""Arguments: words of the command line that stand for more than themselves.

Question   Which files, bands and numbers does ``red=3,nir=4`` mean?
Enters     Words as typed.
Leaves     What the functions of a script take; or a refusal that shows the right form.
Elsewhere  Whether there is such a band or file: imagery, read/.
"""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path
from typing import Any

from greenspace.errors import InputError
from greenspace.model.coverage_map import LayerFile
from greenspace.model.words import Text

BANDS = ("blue", "green", "red", "nir")


def image_of(word: str) -> str | dict[str, str]:
    """Return the file of an image, or the file of each band.

    Examples
    --------
    >>> image_of("city.tif"), image_of("red=B04.jp2,nir=B08.jp2")
    ('city.tif', {'red': 'B04.jp2', 'nir': 'B08.jp2'})
    """
    pairs = [part.partition("=") for part in word.split(",")]
    if Path(word).exists() or any(name.strip() not in BANDS for name, _, _ in pairs):
        return word
    return {name.strip(): path for name, _, path in pairs}


def bands_of(word: str | None) -> dict[str, int] | None:
    """Return the number of each band.

    Raises
    ------
    InputError
        The word has another form.

    Examples
    --------
    >>> bands_of("red=3, nir=4")
    {'red': 3, 'nir': 4}
    """
    if word is None:
        return None
    pairs = [part.partition("=") for part in word.split(",")]
    numbers = {name.strip(): number.strip() for name, _, number in pairs}
    if len(numbers) < len(pairs) or not all(number.isdecimal() for number in numbers.values()):
        raise _misspelt("--bands", word, "red=3,nir=4")
    return {name: int(number) for name, number in numbers.items()}


def zones_of(said: Path, layer: str | None) -> LayerFile:
    """Return the file of zones with its layer, however that was named.

    Raises
    ------
    InputError
        Two layers are named.

    Examples
    --------
    >>> str(zones_of(Path("city.gpkg"), "districts"))
    'city.gpkg|layername=districts'
    """
    zones = LayerFile.of(said)
    if layer is None:
        return zones
    if zones.layer is not None:
        raise _misspelt("--layer", layer, "--layer districts")
    return LayerFile(zones.path, layer)


def layer_of(said: Path | None) -> LayerFile | None:
    """Return a vector file with its layer, where one is said."""
    return None if said is None else LayerFile.of(said)


def threshold_of(word: str | None, samples: LayerFile | None = None) -> Any:
    """Return a number where the word is one, or the points; another word is for others to judge.

    Raises
    ------
    InputError
        There are points and a word.

    Examples
    --------
    >>> threshold_of("0.3"), threshold_of("otsu")
    (0.3, 'otsu')
    """
    if samples is not None:
        if word is not None:
            raise _misspelt("--threshold", f"{word} --samples", "--samples points.gpkg")
        return {"samples": samples.path, "layer": samples.layer}
    if word is None:
        return None
    try:
        return float(word)
    except ValueError:
        return word


def area_of(number: float) -> float:
    """Return the area of the smallest patch.

    Raises
    ------
    InputError
        It is no finite number.

    Examples
    --------
    >>> area_of(float("inf"))
    Traceback (most recent call last):
    greenspace.errors.InputError: --smallest-m2 cannot be understood: inf. For example...
    """
    if isfinite(number):
        return number
    raise _misspelt("--smallest-m2", f"{number}", "--smallest-m2 100")


def tiers_of(word: str | None) -> tuple[tuple[float, float], ...] | None:
    """Return least park areas and radii.

    Raises
    ------
    InputError
        The word has another form.

    Examples
    --------
    >>> tiers_of("5000:500, 2000:300")
    ((5000.0, 500.0), (2000.0, 300.0))
    """
    if word is None:
        return None
    pairs = [part.partition(":") for part in word.split(",")]
    try:
        steps = tuple((float(area), float(radius)) for area, _, radius in pairs)
    except ValueError:
        steps = ()
    sound = all(isfinite(area) and area >= 0 and 0 < radius < inf for area, radius in steps)
    if not steps or not sound or len(dict(steps)) < len(steps):
        raise _misspelt("--tiers", word, "--tiers 5000:500,2000:300")
    return steps


def mask_of(path: Path | None, codes: str | None) -> Any:
    """Return a mask, with the codes that hide a pixel where they are named.

    Raises
    ------
    InputError
        There are codes, and no mask that they are of.

    Examples
    --------
    >>> mask_of(Path("SCL.tif"), "3, 8")["values"]
    [3, 8]
    """
    if codes is None or path is None:
        if codes is not None:
            raise _misspelt("--mask-codes", codes, "--mask SCL.jp2 --mask-codes sentinel2-scl")
        return path
    values = [part.strip() for part in codes.split(",")]
    if all(part.isdecimal() for part in values):
        return {"path": path, "values": [int(part) for part in values]}
    return {"path": path, "codes": codes}


def _misspelt(option: str, word: str, example: str) -> InputError:
    return InputError(
        f"{option} 的写法无法理解：{word}。",
        f"{option} cannot be understood: {word}.",
        remedy=Text(zh=f"例如 {example}。", en=f"For example {example}."),
        expected=example,
        found=word,
    )
