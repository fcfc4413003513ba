"""Unit rules: which green ratio each kind of unit owes under a standard, and who says so.

Question   Does the standard print the ratio of this kind, or only the library's default?
Enters     The kinds of units and a profile.
Leaves     One number a kind with its mark and source, and the sentence that says them all.
Elsewhere  The kinds: model/unit_kinds. Holding units against it: units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.evaluate.required import NO_SOURCE, Required
from greenspace.model.source import Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Parameter, Profile
    from greenspace.model.unit_kinds import UnitKind, UnitKinds

COMPLIANCE, TOGETHER = "unit_compliance_share", "unit_green_ratio"
MARKS = {
    "verified": Text(zh="已核对", en="verified"),
    "weak": Text(zh="来源较弱", en="weak source"),
    "provisional": Text(zh="暂定", en="provisional"),
    "user": Text(zh="用户自定", en="of the user"),
}


@dataclass(frozen=True, slots=True)
class UnitRules:
    """Kinds with the ratio that holds here.

    Attributes
    ----------
    together
        Whether the standard asks a ratio of all units together, which none owes alone.
    """

    kinds: tuple[UnitKind, ...]
    together: bool

    def of(self, kind: UnitKind | None) -> Required:
        """Return what a unit of some kind owes."""
        rule = next((own for own in self.kinds if kind is not None and own.id == kind.id), None)
        if rule is None or rule.least is None:
            return Required(reason=NO_SOURCE)
        return Required((rule.least,))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the ratios were read, and how sure they are."""
        used = (kind for kind in self.kinds if kind.least is not None)
        return tuple(
            dict.fromkeys(
                Source(
                    role="unit_kinds",
                    name=_cited(kind.source),
                    note=MARKS[kind.mark or "weak"],
                )
                for kind in used
            )
        )

    @property
    def sentence(self) -> Text:
        """What each kind owes, and by whose word."""
        groups: dict[float, list[Text]] = {}
        for kind in self.kinds:
            if kind.least is not None:
                groups.setdefault(kind.least, []).append(kind.name)
        if not groups:
            return NO_SOURCE
        said = [
            Text(
                zh=f"{'、'.join(name.zh for name in names)} {100 * least:g}%",
                en=f"{', '.join(name.en for name in names)} {100 * least:g}%",
            )
            for least, names in sorted(groups.items(), reverse=True)
        ]
        told = [(source.name, source.note or MARKS["weak"]) for source in self.sources]
        by_zh = "；".join(f"{name}，{mark.zh}" for name, mark in told)
        by_en = "; ".join(f"{name}, {mark.en}" for name, mark in told)
        more = TOGETHER_SAID if self.together else Text(zh="", en="")
        return Text(
            zh=f"要求按类别：{'；'.join(text.zh for text in said)}（{by_zh}）；其他类别来源未给出，不评定。"
            f"{more.zh}",
            en=f"What is required goes by kind: {'; '.join(text.en for text in said)} ({by_en}); of "
            f"other kinds nothing is said, and they are not judged.{more.en}",
        )


TOGETHER_SAID = Text(
    zh="所评标准对单位绿地率的要求是对全部单位合计的，不作为单个单位的要求。",
    en=" The ratio that the standard asks of units is one of all units together, which no unit "
    "owes alone.",
)


def unit_rules(kinds: UnitKinds, profile: Profile | None = None, level: str = "") -> UnitRules:
    """Return what each kind owes: as the standard's row says, else as the table of kinds does.

    Raises
    ------
    InputError
        A parameter of the row is no share between 0 and 1.
    """
    rows = () if profile is None else profile.at(level)
    told = {
        item.name: item for row in rows if row.indicator == COMPLIANCE for item in row.parameters
    }
    return UnitRules(
        tuple(_ruled(kind, told.get(kind.rule or "")) for kind in kinds.kinds),
        any(row.indicator == TOGETHER for row in rows),
    )


def _cited(source: Citation) -> str:
    parts = (source.document, source.clause, source.address)
    return " ".join(part for part in parts if part)


def _ruled(kind: UnitKind, told: Parameter | None) -> UnitKind:
    if told is None:
        return kind
    value = told.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise InputError(
            f"{COMPLIANCE} 的参数 {told.name} 不是 0 到 1 之间的比率：{value!r}。",
            f"Parameter {told.name} of {COMPLIANCE} is no share between 0 and 1: {value!r}.",
            remedy=Text(zh="请写成 0.3 这样的数。", en="Write a number such as 0.3."),
            expected="a share between 0 and 1",
            found=repr(value),
        )
    return replace(kind, least=float(value), mark=told.mark, source=told.source)
