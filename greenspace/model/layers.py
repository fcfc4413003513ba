"""Layers: what each layer of a city must look like before it is measured.

Question   Which kind of shape and which columns does a layer of this name hold?
Enters     The names of the manifest.
Leaves     Contracts, the indicators that rest on each, and what shapes of one layer share.
Elsewhere  Reading: read/vector. Repairing: prepare/repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from greenspace.model.ground import valid_ground
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

Kind = Literal["polygon", "line", "point", "any"]
OVERLAP_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class LayerContract:
    """The shape of one manifest layer: geometry and columns by their role.

    ``optional`` columns are mapped when the manifest names them; ``settings`` are keys of the
    layer's table besides path, layer, encoding, crs and columns. ``section`` is the table's name
    where it is not ``layers.NAME``. A register that ``may_be_empty`` says with no row that there
    is none.
    """

    name: str
    title: Text
    kind: Kind
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    section: str = ""
    may_be_empty: bool = False

    @property
    def table(self) -> str:
        """The table of the manifest that names this layer."""
        return self.section or f"layers.{self.name}"


REFERENCE = LayerContract(
    "reference",
    Text("核查点", "reference points"),
    "point",
    ("reference",),
    ("map", "stratum", "stratum_area_m2"),
    section="accuracy",
)


def _contracts() -> dict[str, LayerContract]:
    rows = (
        LayerContract("built_up", Text("建成区", "built-up area"), "polygon"),
        LayerContract(
            "districts",
            Text("市辖区", "districts"),
            "polygon",
            ("name",),
            ("population",),
        ),
        LayerContract("construction_land", Text("建设用地", "construction land"), "polygon"),
        LayerContract(
            "green",
            Text("绿地", "green parcels"),
            "polygon",
            (),
            ("class", "class_name", "name", "owner"),
            ("edition",),
        ),
        LayerContract(
            "parks",
            Text("公园", "parks"),
            "polygon",
            (),
            ("name", "class", "class_name", "facilities", "open"),
            ("edition",),
        ),
        LayerContract(
            "residential",
            Text("居住用地", "residential land"),
            "polygon",
            (),
            ("name", "status", "built", "garden", "households"),
            ("new_since",),
        ),
        LayerContract(
            "units", Text("单位", "units"), "polygon", (), ("name", "kind", "garden", "advanced")
        ),
        LayerContract(
            "roads",
            Text("道路", "roads"),
            "line",
            (),
            ("class", "width", "name", "demonstration", "landscape"),
        ),
        LayerContract("footways", Text("人行道", "footways"), "any", (), ("road", "side", "kind")),
        LayerContract("road_land", Text("道路用地", "road land"), "polygon", (), ("road", "class")),
        LayerContract(
            "corridors",
            Text("通道绿化", "entry roads and railways"),
            "line",
            ("name",),
            ("kind", "width"),
        ),
        LayerContract(
            "paving",
            Text("道路广场铺装", "paving of roads and squares"),
            "polygon",
            (),
            ("kind", "permeable", "runoff"),
        ),
        LayerContract("riverbanks", Text("河道岸线", "river banks"), "any", (), ("name",)),
        LayerContract("paths", Text("步行路网", "walking paths"), "line", (), ("name", "class")),
        LayerContract(
            "park_ground", Text("公园内部用地", "ground of parks"), "polygon", (), ("park", "kind")
        ),
        LayerContract("entrances", Text("公园出入口", "park entrances"), "point", (), ("park",)),
        LayerContract("vegetation", Text("植被", "vegetation"), "polygon", (), ("layer",)),
        LayerContract("corrections", Text("解译修正", "corrections"), "polygon", ("action",)),
        LayerContract(
            "old_trees",
            Text("古树名木", "old trees"),
            "point",
            (),
            ("age", "dbh", "crown", "crown_ew", "crown_ns", "stand", "famous", "name"),
        ),
        LayerContract("water", Text("水域", "water"), "polygon", (), ("name",)),
        LayerContract("historic", Text("历史城区", "historic district"), "polygon"),
        LayerContract(
            "centre", Text("中心区", "centre area"), "polygon", (), ("name", "population")
        ),
        LayerContract("city_area", Text("城市面积范围", "city area"), "polygon"),
        LayerContract(
            "communities",
            Text("社区", "communities"),
            "polygon",
            ("name",),
            ("population", "households", "resident", "floating", "noise_sources"),
        ),
        LayerContract(
            "noise_sources", Text("噪声源", "noise sources"), "point", (), ("name", "community")
        ),
        LayerContract(
            "exemplary_yards",
            Text("示范庭院", "exemplary yards"),
            "any",
            (),
            ("name", "district"),
            may_be_empty=True,
        ),
        LayerContract("parking", Text("停车场", "parking places"), "polygon", (), ("name",)),
        LayerContract(
            "returned_farmland",
            Text("退耕还林地", "farmland returned to forest"),
            "polygon",
            (),
            ("name", "year"),
        ),
        LayerContract(
            "vertical_greening",
            Text("立体绿化", "vertical greening"),
            "any",
            (),
            ("kind", "area_m2", "name"),
        ),
        LayerContract("plantable", Text("宜绿化用地", "plantable land"), "polygon"),
        LayerContract("greenways", Text("绿道", "greenways"), "line", (), ("name",)),
        LayerContract(
            "planned_green",
            Text("规划绿地", "planned green"),
            "polygon",
            (),
            ("class", "class_name", "name"),
            ("edition",),
        ),
        LayerContract(
            "green_lines",
            Text("批准的绿线", "approved green lines"),
            "any",
            (),
            ("number", "status", "category", "class", "name"),
            ("edition", "approved"),
        ),
        LayerContract(
            "ecological_control",
            Text("生态控制区", "ground under ecological control"),
            "polygon",
            (),
            ("name", "kind"),
        ),
        LayerContract(
            "construction",
            Text("建设项目", "construction projects"),
            "polygon",
            (),
            ("name", "kind", "date"),
            may_be_empty=True,
        ),
        LayerContract(
            "road_widening",
            Text("道路拓宽红线", "red lines of widened roads"),
            "polygon",
            (),
            ("name",),
            may_be_empty=True,
        ),
        LayerContract(
            "park_boundary",
            Text("国家公园边界", "national park boundary"),
            "polygon",
            (),
            ("name",),
        ),
        LayerContract(
            "park_zones",
            Text("国家公园分区", "zones of the national park"),
            "polygon",
            ("zone",),
            ("name", "level", "season"),
        ),
    )
    return {row.name: row for row in rows}


LAYERS = _contracts()

_COVERAGE, _GREEN_SPACE = "green_coverage", "green_space_ratio"
_PARK_AREA, _SERVICE = "park_area_per_capita", "service_coverage"
_ON_FOOT = "network_service_coverage"
_LOWEST = (f"lowest_district_{_GREEN_SPACE}", f"lowest_district_{_PARK_AREA}")
_ESTATES = (
    "new_residential_green_ratio",
    "rebuilt_residential_green_ratio",
    "garden_estate_share",
    "garden_estate_share_by_area",
    "garden_estate_count",
)
PARKS_BY_CLASS = (
    "comprehensive_park_per_capita",
    "community_park_per_capita",
    "comprehensive_parks_per_10k",
)
GREENWAYS_PER_10K = "greenway_length_per_10k"
_PARK_GREENING, _SQUARE_GREENING = "park_greening_share", "square_greening_share"
_GREENING = (_PARK_GREENING, _SQUARE_GREENING)
_GREEN_CLASSES = ("production_green_share", _SQUARE_GREENING)
_UNITS = (
    "unit_green_ratio",
    "unit_compliance_share",
    "garden_unit_share",
    "garden_unit_share_by_area",
    "advanced_unit_share",
)
INDICATORS: Mapping[str, tuple[str, ...]] = {  # those that rest on a layer or another input
    "built_up": (
        *(_COVERAGE, _GREEN_SPACE, _PARK_AREA, _SERVICE, _ON_FOOT, *_LOWEST),
        *(*_ESTATES, *_UNITS, "plantable_greened_share", *_GREEN_CLASSES, _PARK_GREENING),
        *PARKS_BY_CLASS,
    ),
    "districts": _LOWEST,
    "construction_land": (_GREEN_SPACE, _LOWEST[0]),
    "green": (_GREEN_SPACE, _LOWEST[0], *_ESTATES[:2], *_UNITS[:2], *_GREEN_CLASSES),
    "parks": (_PARK_AREA, _SERVICE, _ON_FOOT, _LOWEST[1], *PARKS_BY_CLASS, _PARK_GREENING),
    "residential": (_SERVICE, _ON_FOOT, *_ESTATES),
    "units": _UNITS,
    "plantable": ("plantable_greened_share",),
    "exemplary_yards": ("exemplary_yard_count",),
    "paths": (_ON_FOOT,),
    "entrances": (_ON_FOOT,),
    "water": _GREENING,  # water is no land of a park or square
    "vegetation": (_COVERAGE, "tree_shrub_share", *_GREENING),
    "corrections": (_COVERAGE, *_GREENING),
    "image": (_COVERAGE, *_GREENING),
    "greenways": (GREENWAYS_PER_10K,),
    "population": (_PARK_AREA, _LOWEST[1], *PARKS_BY_CLASS, GREENWAYS_PER_10K),
}


def overlap_area_m2(geometry: gpd.GeoSeries) -> float:
    """Return the area that two or more shapes of one layer share, pair by pair.

    Pairs that share less than a ten-millionth of the smaller one only touch.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> overlap_area_m2(gpd.GeoSeries([box(0, 0, 2, 1), box(1, 0, 3, 1)]))
    1.0
    """
    import shapely

    shapes = geometry.to_numpy().copy()
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = valid_ground(shapes[broken])
    _, _, shared = overlapping_pairs(shapes)
    return float(shapely.area(shared).sum())


def overlapping_pairs(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return each pair of valid shapes that overlap, by position, and what the two share.

    Pairs that share less than a ten-millionth of the smaller one only touch.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> left, right, shared = overlapping_pairs(np.array([box(0, 0, 2, 1), box(1, 0, 3, 1)]))
    >>> left.tolist(), right.tolist(), shared[0].area
    ([0], [1], 1.0)
    """
    import numpy as np
    import shapely

    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    shared = shapely.intersection(shapes[left], shapes[right])
    area = shapely.area(shapes)
    real = shapely.area(shared) > OVERLAP_TOLERANCE * np.minimum(area[left], area[right])
    return left[real], right[real], shared[real]
