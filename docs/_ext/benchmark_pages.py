"""Tables of benchmarks/results.json, and the arithmetic of scale that is made from it.

A page holds a line ``<!-- benchmarks: NAME -->``; while the page is read, the line is replaced by
Markdown made here, so that no figure on a page can differ from what was measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from writing import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results.json"
CITY_KM2, PIXEL_M = 200.0, 0.5
ROWS = (1, 10, 100, 700)
WORKERS = 16
HOUR = 3600.0
SCALE = "scale_out"
NOT_YET = "*Not measured yet: `python -m benchmarks scale_out --write` measures it.*\n"
SMALL = (
    "**Small data, only to show that the benchmark runs: no goal of size is held, and the figures "
    "say little.**"
)


def results() -> dict[str, Any]:
    """Return what was measured last, by benchmark."""
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def condition(record: dict[str, Any]) -> str:
    """Return the machine, the day and how busy the machine was."""
    machine = record["machine"]
    libraries = ", ".join(f"{name} {said}" for name, said in machine["libraries"].items())
    memory, load = machine["memory_gb"], record["load_before"]
    parts = [
        f"{record['date']}, greenspace {record['greenspace']}",
        f"{machine['cores']} cores" + ("" if memory is None else f", {memory:g} GB"),
        f"{machine['system']}, Python {machine['python']}",
        "" if load is None else f"load before the run {load:g}",
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said}. {libraries}.\n" + (f"\n{SMALL}\n" if record["quick"] else "")


def digits(value: float | None, unit: str | None = None) -> str:
    """Return a figure in three digits, or nothing."""
    return "" if value is None else f"{value:.3g} {unit or ''}".strip()


def short(value: float) -> str:
    """Return a number in three digits, without an exponent where it is large."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004


def line_row(line: dict[str, Any]) -> list[str]:
    """Return one measured line."""
    peer = " ".join(filter(None, [line["peer"], line["peer_version"]]))
    reached = {True: "yes", False: "**no**", None: ""}[line["reached"]]
    return [
        line["name"],
        line["shown"],
        digits(line["ours"], line["unit"]),
        ": ".join(filter(None, [peer, digits(line["theirs"], line["unit"])])),
        digits(line["ratio"]),
        line["goal"] or "",
        reached,
    ]


def benchmarks() -> str:
    """Return every benchmark with every line of it."""
    head = ["what", "printed", "ours", "peer", "ratio", "goal", "reached"]
    parts = []
    for name, record in results().items():
        parts += [
            f"## {name}\n\n{record['says']}\n\n{condition(record)}",
            table(head, map(line_row, record["lines"])),
        ]
    return "\n".join(parts)


@dataclass(frozen=True)
class Scale:
    """What the arithmetic of scale starts from; all of it measured.

    Attributes
    ----------
    city_s, city_km2
        Seconds that a sample city takes serially, and its built-up area.
    gpx_s, gpx_bytes
        Seconds and bytes read for a Gpx of image, serially.
    efficiency
        Of two workers on as many cities as were measured.
    """

    city_s: float
    city_km2: float
    gpx_s: float
    gpx_bytes: float | None
    efficiency: float

    @classmethod
    def of(cls, figures: dict[str, Any]) -> Scale:
        """Take the figures from those of scale_out."""
        cities, serial = figures["cities"], figures["image"]["serial"]
        count = max(cities["seconds"], key=int)
        most = cities["seconds"][count]
        return cls(
            city_s=most["serial"] / int(count),
            city_km2=cities["built_up_km2"],
            gpx_s=serial["seconds_per_gpx"],
            gpx_bytes=serial["bytes_per_gpx"],
            efficiency=most["serial"] / most["two_workers"] / 2,
        )

    @property
    def gpx(self) -> float:
        """Gpx of one band that a city of the assumed area has."""
        return CITY_KM2 * 1e6 / PIXEL_M**2 / 1e9

    @property
    def least_s(self) -> float:
        """Seconds a city where only the image grows with its area."""
        return self.city_s + self.gpx * self.gpx_s

    @property
    def most_s(self) -> float:
        """Seconds a city where all else grows in step with its area, too."""
        return self.city_s * CITY_KM2 / self.city_km2 + self.gpx * self.gpx_s

    def hours(self, cities: int, workers: int, seconds: float) -> float:
        """Return hours for cities of so many seconds; one worker is the serial run.

        No more workers than cities are counted: what else a city takes than its image is not
        cut in parts.
        """
        busy = min(workers, cities)
        at_once = busy * self.efficiency if busy > 1 else 1.0
        return cities * seconds / at_once / HOUR


def measured_cities() -> str:
    """Return what 1, 2, 4 and 8 cities took."""
    record = results()[SCALE]
    cities = record["figures"]["cities"]
    rows = []
    for count, seconds in cities["seconds"].items():
        serial, pair = seconds["serial"], seconds["two_workers"]
        share, cold = serial / pair / 2, serial / (pair + seconds["start"]) / 2
        rows.append([count, f"{serial:.1f}", f"{pair:.1f}", f"{share:.2f}", f"{cold:.2f}"])
    head = ["cities", "serial, s", "2 workers, s", "efficiency", "with the start of workers"]
    count = max(cities["seconds"], key=int)
    slower = cities["one_worker"] / cities["seconds"][count]["serial"]
    said = (
        f"One worker took {cities['one_worker']:.1f} s for {count} cities, {slower:.2f} times the "
        f"serial run. Peak memory: serial {cities['serial_mb']:.0f} MB, a worker "
        f"{cities['worker_mb']:.0f} MB. A city here has {cities['built_up_km2']:.2f} km² of "
        f"built-up area.\n"
    )
    return "\n".join([condition(record), table(head, rows), said])


def measured_image() -> str:
    """Return what one large image took."""
    image = results()[SCALE]["figures"]["image"]
    rows = []
    for name, words in (("serial", "serial, two threads"), ("two_workers", "2 workers")):
        one = image[name]
        read = one["bytes_per_gpx"]
        rows.append(
            [
                words,
                f"{one['seconds']:.1f}",
                f"{one['seconds_per_gpx']:.1f}",
                f"{one['cpu_per_gpx']:.1f}",
                "unknown" if read is None else f"{read / 1e9:.2f}",
                f"{one['peak_mb']:.0f}",
            ]
        )
    head = ["", "whole check, s", "s a Gpx", "CPU s a Gpx", "GB read a Gpx", "peak MB a process"]
    said = (
        f"The image has {image['gpx']:.2f} Gpx and its file {image['file_bytes'] / 1e9:.2f} GB.\n"
    )
    return "\n".join([table(head, rows), said])


def arithmetic() -> str:
    """Return hours for many cities, with every step of how they come about."""
    scale = Scale.of(results()[SCALE]["figures"])
    area = CITY_KM2 / scale.city_km2
    steps = [
        f"- Pixels: {CITY_KM2:g} km² ÷ ({PIXEL_M:g} m)² = {scale.gpx:.2f} Gpx a band.",
        f"- Image: {scale.gpx:.2f} Gpx × {scale.gpx_s:.2f} s = {scale.gpx * scale.gpx_s:.1f} s.",
        (
            f"- All else, at least: as in the sample city, {scale.city_s:.1f} s. "
            f"Together {scale.least_s:.1f} s."
        ),
        (
            f"- All else, at most: in step with area, {scale.city_s:.1f} s × {CITY_KM2:g} ÷ "
            f"{scale.city_km2:.2f} km² = {scale.city_s * area:.0f} s. Together {scale.most_s:.0f} s."
        ),
        (
            f"- Workers: 2 share the work at an efficiency of {scale.efficiency:.2f}; the same is "
            f"assumed of {WORKERS}, and no more workers than cities are counted."
        ),
    ]
    rows = []
    for cities in ROWS:
        least, most = (
            [scale.hours(cities, workers, seconds) for workers in (1, 2, WORKERS)]
            for seconds in (scale.least_s, scale.most_s)
        )
        spans = [f"{short(low)} – {short(high)}" for low, high in zip(least, most, strict=True)]
        read = scale.gpx_bytes
        total = "unknown" if read is None else short(cities * scale.gpx * read / 1e9)
        rows.append([cities, f"{cities * scale.gpx:g}", total, *spans])
    head = ["cities", "Gpx", "GB read", "serial, h", "2 workers, h", f"{WORKERS} workers, h"]
    return "\n".join([*steps, "", table(head, rows)])


PARTS: dict[str, Callable[[], str]] = {
    "all": benchmarks,
    "cities": measured_cities,
    "image": measured_image,
    "arithmetic": arithmetic,
}


def filled(text: str) -> str:
    """Return a page with its marked lines replaced."""
    for name, make in PARTS.items():
        mark = f"<!-- benchmarks: {name} -->"
        if mark in text:
            known = name == "all" or SCALE in results()
            text = text.replace(mark, make() if known else NOT_YET)
    return text


def fill(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Replace the marked lines of one page."""
    source[0] = filled(source[0])


def outdated(*_: object) -> list[str]:
    """Return the pages to read again whatever their own date says."""
    return ["reference/benchmarks", "explanation/scale"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the hook."""
    app.connect("source-read", fill)
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
