"""Stations: how warm each day of a summer was, in the city and around it.

Question   What did three thermometers read from June to August?
Enters     A seed.
Leaves     The lines of a table of text, one a station and day.
Elsewhere  What the days say of the city: the rest of the library, which this file must not use.

All stations have the same weather; each lies some tenths of a degree off it, as its ground has it.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from greenspace.sample.frame import stream

HEAD = "站名,城郊,日期,日最高气温"
STATIONS = (("城中站", "城区", 0), ("林场", "郊区", -21), ("农科所", "郊区", -13))  # tenths
FIRST, DAYS = dt.date(2025, 6, 1), 92
MISSING = ("农科所", 40)  # the thermometer was out for a day


def station_lines(seed: int) -> list[str]:
    """Return the table of the newest summer that is over.

    Examples
    --------
    >>> station_lines(7)[:2]
    ['站名,城郊,日期,日最高气温', '城中站,城区,2025-06-01,34.7']
    """
    rng = stream(seed, "stations")
    season = 315 + 25 * np.sin(np.linspace(0, np.pi, DAYS)) - 12
    weather = season + rng.normal(0, 22, DAYS)
    lines = [HEAD]
    for name, side, off in STATIONS:
        tenths = np.rint(weather + off + rng.normal(0, 4, DAYS)).astype(int).tolist()
        for day, value in enumerate(tenths):
            written = "" if (name, day) == MISSING else f"{value / 10:.1f}"
            lines.append(f"{name},{side},{FIRST + dt.timedelta(day)},{written}")
    return lines
