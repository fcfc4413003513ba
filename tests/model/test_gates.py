"""Gates can be looked at as a layer."""

from __future__ import annotations

import numpy as np

from greenspace.model.gates import Gates


def test_gates_become_a_layer_of_points_with_park_origin_and_offset() -> None:
    gates = Gates(
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([1, 0]),
        np.array([0.0, 2.5]),
        np.array(["crossing", "given"], dtype=object),
        crs="EPSG:4547",  # type: ignore[arg-type]
    )
    frame = gates.to_frame()
    assert frame.crs.to_epsg() == 4547
    assert frame["park"].tolist() == [1, 0]
    assert frame["origin"].tolist() == ["crossing", "given"]
    assert frame["offset_m"].tolist() == [0.0, 2.5]
    assert frame.geometry.x.tolist() == [1.0, 3.0]
