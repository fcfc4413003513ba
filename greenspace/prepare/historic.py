"""Historic: the historic district, where lesser parks serve too.

Question   On which ground do which lesser parks serve?
Enters     A layer and tiers, both or neither.
Leaves     Historic ground in the measuring CRS, and the source that names its tiers.
Elsewhere  Which parks lie on it: measure/service. The tiers of an edition: model/tiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.tiers import Historic, historic_source, require_tiers
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.definition import Tiers
    from greenspace.model.source import Source
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer


def historic_ground(
    layer: Layer | None, tiers: Tiers | None, ready: Ready
) -> tuple[Historic | None, tuple[Source, ...]]:
    """Return the historic ground with its tiers, and the source that names them; or neither.

    Raises
    ------
    InputError
        One of layer and tiers is given without the other, or the tiers are none.
    """
    if layer is None and tiers is None:
        return None, ()
    if layer is None or tiers is None:
        raise InputError(
            "historic 与 historic_tiers 应同时给出。",
            "historic and historic_tiers go together.",
            remedy=Text(
                zh="例如 historic_tiers=((1000, 300),)；没有缺省值。",
                en="E.g. historic_tiers=((1000, 300),): there is no default.",
            ),
            expected=("historic", "historic_tiers"),
            found="historic" if tiers is None else "historic_tiers",
        )
    steps = require_tiers(tiers)
    return Historic(ready.dissolved(layer, "historic"), steps), (historic_source(steps),)
