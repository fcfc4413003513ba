"""City: the manifest with every layer that it names, read and held to its contract.

Question   What does this city bring, and is each piece what the manifest says it is?
Enters     The path of a city.toml.
Leaves     One City, or one refusal that names file, layer and rows.
Elsewhere  The manifest's keys: read/manifest. One layer: read/city_layer. Repairing: prepare/.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from greenspace.errors import CrsError, InputError, ManifestError
from greenspace.model.city import City, Provenance, SamplesSpec, VegetationMethod
from greenspace.model.crs import is_local, parse_crs
from greenspace.model.layers import LAYERS
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.read.city_accuracy import find_accuracy
from greenspace.read.city_green_line import asked_lines
from greenspace.read.city_heat import find_heat
from greenspace.read.city_image import find_images
from greenspace.read.city_layer import read_one
from greenspace.read.city_species import find_species
from greenspace.read.city_zoning import find_zoning
from greenspace.read.contract import require_overlap
from greenspace.read.database import is_database, redacted
from greenspace.read.definitions import read_classes, read_indicators
from greenspace.read.desk import Desk
from greenspace.read.files import require_file, sha256_of
from greenspace.read.inspections import find_inspections
from greenspace.read.manifest import Manifest, PopulationRaster, SamplesTable, read_manifest
from greenspace.read.offset import offset_findings
from greenspace.read.people import city_population
from greenspace.read.plan import require_baseline_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS

    from greenspace.errors import GreenspaceError
    from greenspace.model.city import HeatRecord, ImageSpec
    from greenspace.model.source import Severity

NAMING = {  # tables that may name a file, by its key
    "heat": "stations",
    "accuracy": "reference",
    "species": "lists",
    "inspections": "lists",
}
BEYOND = (  # may lie outside the built-up area
    "returned_farmland",
    "ecological_control",
    "park_boundary",
    "park_zones",
)


def read_city(path: Path | str) -> City:
    """Read a city's manifest and every layer that it names.

    Parameters
    ----------
    path
        The ``city.toml``; its paths are relative to it.

    Returns
    -------
    City
        Layers as they are in their files, columns named by role; nothing repaired or moved.

    Raises
    ------
    ManifestError
        The manifest cannot be read, or says something that cannot be followed.
    InputError
        A file or a layer of one is missing.
    CrsError
        A layer has no CRS, or the layers cannot be brought together.
    GeometryError
        A layer is empty, of the wrong kind, or lies elsewhere than the others.
    ColumnError
        A column is missing, or people are missing from one.
    """
    return _read(Desk(_require_manifest(Path(path))))


def gather_city(path: Path | str) -> tuple[City, Mapping[str, gpd.GeoDataFrame]]:
    """Read what can be read of a city; what `read_city` would refuse is among its findings.

    Returns
    -------
    city
        Without what was refused: a layer, a column, or rows.
    left_out
        By layer, the rows that have no shape or one of the wrong kind.

    Raises
    ------
    ManifestError
        The manifest is no TOML at all.
    """
    desk = Desk(_require_manifest(Path(path)), gathers=True)
    return _read(desk), desk.left_out


def _read(desk: Desk) -> City:
    path = desk.manifest
    manifest = read_manifest(path, read_indicators(), refuse=desk.refuse)
    desk.sources.append(Source(role="manifest", name=path.name, sha256=sha256_of(path)))
    crs = None
    with desk.trying():
        require_baseline_before(manifest.city.date, manifest.baseline, path)
    with desk.trying():
        crs = _measuring_crs(manifest, path)
    layers = _read_layers(desk, manifest, crs)
    images = find_images(desk, manifest)
    heat = None
    with desk.trying("stations"):
        heat = find_heat(desk, manifest)
    inspections = None
    with desk.trying("inspections"):
        inspections = find_inspections(desk, manifest)
    accuracy = None
    with desk.trying("reference"):
        accuracy = find_accuracy(desk, manifest, local=crs is not None and is_local(crs))
    districts = layers.get("districts")
    written = manifest.layers["districts"].path if districts is not None else ""
    file = redacted(written) if is_database(written) else path.parent / written
    population = None
    with desk.trying():
        population, remarks = city_population(
            manifest.city.population, districts, manifest=path, file=file
        )
        desk.findings.extend(remarks)
    raster = None
    with desk.trying("population"):
        raster = _people_raster(desk, manifest)
    species = None
    with desk.trying("species"):
        species = find_species(desk, manifest)
    zoning: dict[str, dict[str, Any]] = {}
    with desk.trying("zoning"):
        zoning = find_zoning(desk, manifest.zoning)
    city = _assemble(desk, manifest, crs, layers, images, population, heat)
    found = {
        "accuracy": accuracy,
        "heat": heat,
        "species": species,
        "inspections": inspections,
    }
    return replace(
        city,
        accuracy=accuracy,
        population_raster=raster,
        species=species,
        inspections=inspections,
        tables=_as_written(desk, manifest, found) | zoning | asked_lines(manifest.green_line),
    )


def _as_written(
    desk: Desk, manifest: Manifest, found: Mapping[str, object]
) -> dict[str, dict[str, Any]]:
    """Return the tables that were read and may name a file, with the file in place of the words."""
    tables = {}
    for name, key in NAMING.items():
        table = getattr(manifest, name)
        if table is not None and found[name] is not None:
            words: dict[str, Any] = table.model_dump(exclude_unset=True)
            tables[name] = words | ({key: desk.find(words[key], key)} if key in words else {})
    return tables


def _people_raster(desk: Desk, manifest: Manifest) -> Path | None:
    asked = manifest.city.population
    if not isinstance(asked, PopulationRaster):
        return None
    path = desk.find(asked.raster, "population")
    desk.keep(path, "population")
    return path


def _assemble(
    desk: Desk,
    manifest: Manifest,
    crs: CRS | None,
    layers: dict[str, gpd.GeoDataFrame],
    images: tuple[ImageSpec, ...],
    population: float | None,
    heat: HeatRecord | None,
) -> City:
    editions = {
        name: table.edition for name, table in manifest.layers.items() if table.edition is not None
    }
    parks = None if "parks" in manifest.layers else _parks_of_green(desk, layers, editions)
    if parks is not None:
        layers, editions = {**layers, "parks": parks}, {**editions, "parks": editions["green"]}
    facts = manifest.city
    return City(
        name=facts.name,
        manifest=desk.manifest,
        date=facts.date,
        standard=facts.standard,
        population=population,
        population_basis=facts.population_basis,
        population_other=MappingProxyType(facts.population_other),
        region=facts.region,
        construction_land_per_head_m2=facts.construction_land_per_head_m2,
        crs=crs,
        layers=MappingProxyType(layers),
        editions=MappingProxyType(editions),
        settings=MappingProxyType(_settings(desk, manifest)),
        images=images,
        heat=heat,
        vegetation_method=_vegetation(desk, manifest),
        declared=MappingProxyType({name: it.value for name, it in manifest.declared.items()}),
        declared_steps=MappingProxyType({name: it.step for name, it in manifest.declared.items()}),
        supplied=MappingProxyType({name: it.value for name, it in manifest.supplied.items()}),
        provenance=MappingProxyType(
            {
                name: Provenance(source=it.source, date=it.date)
                for name, it in manifest.supplied.items()
                if it.source is not None or it.date is not None
            }
        ),
        baseline=manifest.baseline,
        targets=MappingProxyType(manifest.targets),
        report=MappingProxyType(manifest.report),
        inputs=tuple(desk.sources),
        findings=tuple(desk.findings),
    )


def _vegetation(desk: Desk, manifest: Manifest) -> VegetationMethod:
    told = manifest.vegetation
    threshold: float | str | SamplesSpec = "otsu"
    with desk.trying("samples"):
        threshold = _threshold(desk, told.threshold)
    classes: str | Path | None = told.classes
    if told.classes is not None and told.classes.lower().endswith(".toml"):
        classes = desk.manifest.parent / told.classes
        with desk.trying("image"):
            classes = desk.find(told.classes, "image")
            desk.keep(classes, "classes")
    return VegetationMethod(
        index=told.index,
        threshold=threshold,
        source=told.source,
        classes=classes,
        crops=told.crops,
        enclosed_water=told.enclosed_water,
    )


def _threshold(desk: Desk, told: float | str | SamplesTable) -> float | str | SamplesSpec:
    if not isinstance(told, SamplesTable):
        return told
    path = desk.find(told.samples, "samples")
    desk.keep(path, "samples", told.layer)
    return SamplesSpec(samples=path, layer=told.layer, column=told.column, objective=told.objective)


def _require_manifest(path: Path) -> Path:
    path = require_file(path).absolute()
    if not path.is_dir():
        return path
    inside = path / "city.toml"
    zh = f"请写 {inside}。" if inside.exists() else f"请先运行 greenspace init {path}。"
    en = f"Name {inside}." if inside.exists() else f"Run greenspace init {path} first."
    raise InputError(
        "这是文件夹，不是清单 city.toml。",
        "This is a folder, not a manifest city.toml.",
        remedy=Text(zh=zh, en=en),
        file=path,
        expected="city.toml",
        found="folder",
    )


def _measuring_crs(manifest: Manifest, path: Path) -> CRS | None:
    asked = manifest.measure.crs
    try:
        return None if asked is None else parse_crs(asked)
    except CrsError as error:
        raise ManifestError(
            f"清单的 measure.crs：{error.problem.zh}",
            f"measure.crs in the manifest: {error.problem.en}",
            remedy=Text(
                zh='请写 crs = "EPSG:4547" 这样的投影坐标系，或 "local-metre"。',
                en='Write a projected CRS such as crs = "EPSG:4547", or "local-metre".',
            ),
            file=path,
            expected='"EPSG:…" or "local-metre"',
            found=asked,
        ) from error


def _read_layers(desk: Desk, manifest: Manifest, crs: CRS | None) -> dict[str, gpd.GeoDataFrame]:
    local = crs is not None and is_local(crs)
    asked = manifest.city.population
    layers = {}
    for name, table in manifest.layers.items():
        with desk.trying(name):
            layers[name] = read_one(desk, name, table, local=local, asked=asked)
    if manifest.vegetation.source != "image" and "vegetation" not in manifest.layers:
        desk.refuse(_no_vegetation(desk, manifest.vegetation.source))
    return _together(desk, layers)


def _together(desk: Desk, layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that lie where the city lies."""
    polygons = [name for name in layers if LAYERS[name].kind == "polygon"]
    apart: list[str | None] = []

    def refuse(error: GreenspaceError) -> None:
        desk.refuse(error)
        apart.append(error.layer)

    if polygons:
        reference = "built_up" if "built_up" in layers else polygons[0]
        near = {name: layer for name, layer in layers.items() if name not in BEYOND}
        within = near if reference in near else layers
        desk.findings.extend(require_overlap(within, reference, refuse=refuse))
    if "city_area" in layers:
        found = {name: layers[name] for name in ("city_area", *BEYOND) if name in layers}
        desk.findings.extend(require_overlap(found, "city_area", refuse=refuse))
    together = {name: layer for name, layer in layers.items() if name not in apart}
    desk.findings.extend(offset_findings(together))
    return together


def _no_vegetation(desk: Desk, source: str) -> ManifestError:
    return ManifestError(
        f'vegetation.source 写了 "{source}"，但清单没有 [layers.vegetation]。',
        f'vegetation.source is "{source}", but there is no [layers.vegetation].',
        remedy=Text(
            zh='请加上该图层，或改为 source = "image"。',
            en='Add that layer, or write source = "image".',
        ),
        file=desk.manifest,
        layer="vegetation",
        expected="layers.vegetation",
    )


def _settings(desk: Desk, manifest: Manifest) -> dict[str, Mapping[str, Any]]:
    for name, table in manifest.layers.items():
        if "built" in table.columns and table.new_since is None:
            text = Text(
                zh=f"layers.{name} 指定了 built 字段却没有 new_since，该字段未使用。",
                en=f"layers.{name} maps the column built without new_since; it is not used.",
            )
            desk.findings.append(
                Finding(code="not_used", text=text, severity="warning", layer=name)
            )
    found = {
        name: {"new_since": table.new_since, "approved": table.approved}
        for name, table in manifest.layers.items()
    }
    said = {
        name: {key: value for key, value in given.items() if value is not None}
        for name, given in found.items()
    }
    return {name: MappingProxyType(given) for name, given in said.items() if given}


def _parks_of_green(
    desk: Desk, layers: Mapping[str, gpd.GeoDataFrame], editions: Mapping[str, str]
) -> gpd.GeoDataFrame | None:
    green = layers.get("green")
    if green is None or "class" not in green.columns or "green" not in editions:
        return None
    classes = read_classes(editions["green"])
    chosen = [classes.role(code) == "park" for code in green["class"]]
    count = sum(chosen)
    text = Text(
        zh=f"清单没有公园图层，以绿地图层中 {count} 个 G1 公园绿地代替。",
        en=f"The manifest has no parks layer; the {count} G1 parcels of green stand in for it.",
    )
    severity: Severity = "note" if count else "warning"
    desk.findings.append(
        Finding(code="parks_from_green", text=text, severity=severity, layer="parks", count=count)
    )
    return green[chosen] if count else None
