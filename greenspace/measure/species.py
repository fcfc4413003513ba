"""Species: the species index and the share of native plants.

Question   What share of the municipality's species lives in the built-up area; how many are native?
Enters     Species, each once, with truths.
Leaves     Ratios: shares summed over the groups, over three; plants over plants.
Elsewhere  Making lists ready: prepare/species. From files: species.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.model.quantity import Ratio
from greenspace.model.species import (
    FAUNA,
    GROUP_NAMES,
    GROUPS,
    INDEX,
    NATIVE,
    NATIVE_WOODY,
    GroupCount,
)
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

NOT_SAID = {
    "native": Text(
        zh="物种名录没有 native（本地）列。", en="The lists of species have no column native."
    ),
    "woody": Text(
        zh="物种名录没有 woody（木本）列。", en="The lists of species have no column woody."
    ),
}
NO_PLANTS = Text(zh="名录中没有建成区的植物。", en="The lists name no plant of the built-up area.")
NO_WOODY = Text(
    zh="名录中没有建成区的木本植物。", en="The lists name no woody plant of the built-up area."
)


def count_groups(species: pd.DataFrame, kept: pd.DataFrame | None = None) -> tuple[GroupCount, ...]:
    """Return how many species of each group live in the built-up area and in the municipality.

    Parameters
    ----------
    species
        ``group``, ``species`` and ``built_up``, each species once.
    kept
        Animals that were left out, by ``group``.
    """
    return tuple(
        GroupCount(
            group=group,
            built_up=int(species.loc[species["group"] == group, "built_up"].sum()),
            municipality=int((species["group"] == group).sum()),
            kept=0 if kept is None else int((kept["group"] == group).sum()),
        )
        for group in GROUPS
    )


def species_index(counts: Sequence[GroupCount]) -> Ratio:
    """Return the mean over plants, birds and fish of the share that lives in the built-up area.

    H = mean of N_bi / N_i; the numerator is the sum of the three shares, the denominator 3.

    Returns
    -------
    Ratio
        NaN, with the groups named, where a group has no species in the municipality.

    Examples
    --------
    >>> counts = [GroupCount(group="plants", built_up=60, municipality=100),
    ...           GroupCount(group="birds", built_up=20, municipality=50),
    ...           GroupCount(group="fish", built_up=5, municipality=10)]
    >>> round(species_index(counts).value, 9)
    0.5
    """
    shares = {item.group: item.share for item in counts}
    found = [share for group in GROUPS if (share := shares.get(group)) is not None]
    lacking = [_counted(group) for group in GROUPS if shares.get(group) is None]
    if lacking:
        why = Text(
            zh=f"没有{'、'.join(name.zh for name in lacking)}名录，三类缺一不可。",
            en=f"The lists name no {' and no '.join(name.en for name in lacking)}: the index is "
            "the mean of all three groups.",
        )
        return Ratio(INDEX, 0.0, 0.0, "1", None, undefined=why)
    return Ratio(INDEX, sum(found), float(len(GROUPS)), "1", None)


def _counted(group: str) -> Text:
    """Return what counts of a group: of animals, wild ones."""
    name = GROUP_NAMES[group]
    return Text(zh=f"野生{name.zh}", en=f"wild {name.en}") if group in FAUNA else name


def native_plant_index(species: pd.DataFrame, *, woody: bool = False) -> Ratio:
    """Return the share of the built-up area's plant species that is native.

    Parameters
    ----------
    species
        ``group``, ``built_up``, ``native``, and ``woody`` where it is asked for.
    woody
        Of woody plants alone.

    Returns
    -------
    Ratio
        NaN with a reason where there is no such plant, or the lists do not say.
    """
    indicator = NATIVE_WOODY if woody else NATIVE
    unsaid = [role for role in ("native", "woody") if role not in species.columns]
    for role in unsaid:
        if role == "native" or woody:
            return Ratio(indicator, 0.0, 0.0, "1", None, undefined=NOT_SAID[role])
    chosen = (species["group"] == "plants") & species["built_up"]
    chosen &= species["woody"] if woody else True
    count, native = int(chosen.sum()), int((chosen & species["native"]).sum())
    why = None if count else (NO_WOODY if woody else NO_PLANTS)
    return Ratio(indicator, float(native), float(count), "1", None, undefined=why)
