"""Lists: tables of text that stand beside the layers of the sample city.

Question   Which species were recorded, and how did inspections rate the communities?
Enters     The names of the communities, and a seed.
Leaves     The lines of two tables of text.
Elsewhere  The temperature of stations: stations.

The names of the species are real, the records are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.sample.frame import stream

if TYPE_CHECKING:
    from collections.abc import Iterable

SPECIES_HEAD = "group,species,built_up,native,woody,wild"
INSPECTION_HEAD = "community,date,rating"
TREES = (
    "国槐 银杏 侧柏 香樟 朴树 皂荚 榉树 枫香 乌桕 重阳木 栾树 黄连木 无患子 女贞 桂花 石榴 海棠 紫薇 "
    "木槿 蜡梅 山茶 冬青 枸骨 小叶黄杨 海桐 南天竹 火棘 杜鹃 迎春 紫荆"
)
FOREIGN_TREES = "悬铃木 雪松 广玉兰 刺槐 池杉 火炬树"
HERBS = "麦冬 沿阶草 萱草 鸢尾 石蒜 芦苇 香蒲 菖蒲 千屈菜 荷花 狗牙根 结缕草 白茅 蒲公英 紫花地丁 酢浆草"
FOREIGN_HERBS = "高羊茅 黑麦草 白车轴草 美人蕉"
BIRDS = (
    "麻雀 白头鹎 乌鸫 珠颈斑鸠 喜鹊 灰喜鹊 八哥 丝光椋鸟 白鹡鸰 黑水鸡 小鸊鷉 白鹭 夜鹭 池鹭 普通翠鸟 "
    "戴胜 大山雀 棕头鸦雀 家燕 金腰燕 红隼 普通鵟 环颈雉 灰头绿啄木鸟"
)
FISH = "鲫 鲤 草鱼 鲢 鳙 黄颡鱼 鲇 乌鳢 麦穗鱼 鳑鲏 泥鳅 黄鳝 马口鱼 宽鳍鱲"
SHARES = {"plants": 0.8, "birds": 0.65, "fish": 0.6}  # of the species, in the built-up area
KEPT = {"鹦鹉": "birds", "锦鲤": "fish", "金鱼": "fish"}
ROUNDS = ("2025-09-20", "2025-12-20", "2026-03-20", "2026-06-20")
RATINGS, CHANCES = ("优", "良", "合格", "不合格"), (0.3, 0.4, 0.22, 0.08)


def species_lines(seed: int) -> list[str]:
    """Return the made-up list of species: a row each, yes or no in 是 and 否.

    Examples
    --------
    >>> species_lines(7)[0]
    'group,species,built_up,native,woody,wild'
    """
    rng = stream(seed, "species")
    sets = (
        ("plants", TREES, True, True),
        ("plants", FOREIGN_TREES, False, True),
        ("plants", HERBS, True, False),
        ("plants", FOREIGN_HERBS, False, False),
        ("birds", BIRDS, True, False),
        ("fish", FISH, True, False),
    )
    lines = [SPECIES_HEAD]
    for group, names, native, woody in sets:
        for name in names.split():
            there = float(rng.random()) < SHARES[group]
            flags = (there, native, woody, True)
            lines.append(",".join([group, name, *_words(flags)]))
    kept = (True, False, False, False)  # in the city, and not wild
    lines += [",".join([group, name, *_words(kept)]) for name, group in KEPT.items()]
    return lines


def _words(flags: Iterable[bool]) -> list[str]:
    return ["是" if flag else "否" for flag in flags]


def inspection_lines(communities: Iterable[str], seed: int) -> list[str]:
    """Return four rounds of inspection of every community.

    Examples
    --------
    >>> inspection_lines(["清泉社区"], 7)[0]
    'community,date,rating'
    """
    rng = stream(seed, "inspections")
    rows = [
        f"{name},{day},{RATINGS[int(rng.choice(len(RATINGS), p=CHANCES))]}"
        for name in communities
        for day in ROUNDS
    ]
    return [INSPECTION_HEAD, *rows]
