"""Real layers lie where their CRS says: no trap of model/place, no step of read/offset."""

from __future__ import annotations

import pytest

from greenspace.read.offset import offset_findings
from greenspace.read.vector import list_layers, read_layer

pytestmark = pytest.mark.real_data

FOLDERS = (
    "amsterdam",
    "cn_boundaries",
    "finland_topo",
    "helsinki",
    "lausanne",
    "nyc",
    "olinda",
    "riverside",
)
KINDS = {".gpkg", ".shp", ".json", ".geojson"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_real_layer_is_refused(real_data, folder):
    files = [path for path in sorted((real_data / folder).rglob("*")) if path.suffix in KINDS]
    assert files
    layers = {}
    for path in files:
        for info in list_layers(path):
            layers[path.name, info.name] = read_layer(path, layer=info.name)
            assert len(layers[path.name, info.name]) == info.feature_count
    assert offset_findings(layers) == ()
