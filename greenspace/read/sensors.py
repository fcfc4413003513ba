"""Sensors: which band of an image is which, from TOML.

Question   Which band number holds red in an image of this sensor?
Enters     The name of a file in definitions/sensors.
Leaves     Band names to numbers, counted from 1.
Elsewhere  Reading bands: read/raster.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from importlib.resources import files

from greenspace.errors import DefinitionError
from greenspace.model.words import Text


def list_sensors() -> tuple[str, ...]:
    """Return the names of the sensors that the library knows."""
    folder = files("greenspace") / "definitions" / "sensors"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))


def read_sensor(name: str) -> dict[str, int]:
    """Return the band numbers of a sensor.

    Raises
    ------
    DefinitionError
        The sensor is unknown; names the nearest.

    Examples
    --------
    >>> read_sensor("gf2-pms")
    {'blue': 1, 'green': 2, 'red': 3, 'nir': 4}
    """
    known = list_sensors()
    if name not in known:
        near = get_close_matches(str(name), known, n=1)
        listed = near[0] if near else ", ".join(known)
        raise DefinitionError(
            f"没有传感器 {name!r} 的定义。",
            f"There is no definition of the sensor {name!r}.",
            remedy=Text(
                zh=f"可用：{listed}；或写明 bands = {{ red = 3, nir = 4 }}。",
                en=f"There is {listed}; or name bands = {{ red = 3, nir = 4 }}.",
            ),
            expected=known,
            found=name,
        )
    file = files("greenspace") / "definitions" / "sensors" / f"{name}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {str(band): int(number) for band, number in table["bands"].items()}
