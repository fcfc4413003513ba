"""Draw the pictures of the gallery from the sample city: ``python docs/gallery/draw.py`` in a checkout.

Each cell between two ``# %%`` lines stands on the page word for word; a test holds that. The last
one makes the files small and stands nowhere else.
"""

# %% setup
from pathlib import Path

import greenspace as gs

pictures = Path("docs/images/gallery")
city = gs.read_city("data/sample/city.toml")
check = gs.check(city)

# %% green_space
ax = gs.plot_green_space(check, language="en")
ax.figure.savefig(pictures / "green_space.png")

# %% service
ax = gs.plot_service(check, language="en")
ax.figure.savefig(pictures / "service.png")

# %% coverage
after, before = city.images  # newest first
green = gs.vegetation(after)
ax = gs.green_coverage(green, city.districts).plot()
ax.figure.savefig(pictures / "coverage.png")

# %% vegetation
gs.write_map(check, pictures / "vegetation.png", sheet="vegetation", language="en", force=True)

# %% change
change = gs.green_change(before, after, city.districts)
ax = gs.plot_change(change, smallest_m2=100, language="en")
ax.figure.savefig(pictures / "change.png")

# %% roads
ax = gs.plot_tree_lined_roads(check, language="en")
ax.figure.savefig(pictures / "roads.png")

# %% green_lines
lines = gs.approved_lines(city.green_lines, edition="2017")
points = gs.control_points(lines)
ax = gs.plot_green_lines(lines, points=points)  # in Chinese, as it is handed in
ax.figure.savefig(pictures / "green_lines.png")

# %% trees
trees = gs.tree_zones(city.old_trees, construction=city.construction)
ax = gs.plot_old_trees(trees, language="en", palette="safe")
ax.figure.savefig(pictures / "trees.png")

# %% zoning
zoning = gs.park_zoning(city.layers["park_zones"], city.layers["park_boundary"])
ax = gs.plot_zoning(zoning, language="en")
ax.figure.savefig(pictures / "zoning.png")

# %% sheet
gs.write_map(check, pictures / "sheet.png", sheet="service", size="A4", force=True)

# %% atlas
gs.write_atlas(check, "atlas.pdf", by="district", sheet="green_space", force=True)

# %% interactive
gs.interactive_map(check, "map.html", language="en", force=True)

# %% heat
import pandas as pd
from matplotlib.figure import Figure

days = pd.read_csv("data/sample/stations.csv", parse_dates=["日期"])
heat = gs.heat_island("data/sample/stations.csv")
mean = days.pivot_table(index="日期", columns="城郊", values="日最高气温")
figure = Figure(figsize=(8, 3.6), layout="constrained")
ax = figure.subplots()
ax.plot(mean.index, mean["城区"], color="#b2182b", label="city")
ax.plot(mean.index, mean["郊区"], color="#2166ac", label="hinterland")
ax.fill_between(mean.index, mean["城区"], mean["郊区"], color="0.9")
ax.set(title=f"Heat island, summer of 2025: {heat.value:.2f} °C", ylabel="daily maximum, °C")
ax.legend(frameon=False)
figure.savefig(pictures / "heat.png")

# %% not on the page
import shutil
import subprocess

from PIL import Image

subprocess.run(
    ["pdftoppm", "-png", "-singlefile", "-f", "2", "-l", "2", "-r", "70", "atlas.pdf", "atlas"],
    check=True,
)
shutil.move("atlas.png", pictures / "atlas.png")
browser = shutil.which("chromium") or "chrome"
page = Path("map.html").resolve().as_uri()
subprocess.run(
    [
        *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *("--window-size=1200,760", "--virtual-time-budget=20000"),
        *(f"--screenshot={pictures / 'interactive.png'}", page),
    ],
    check=True,
)
for name in ("atlas.pdf", "map.html"):
    Path(name).unlink()
ax = gs.plot_service(check, language="zh")  # for the Chinese pages
ax.figure.savefig(pictures / "service_zh.png")
MOST_BYTES = 140_000
for path in sorted(pictures.glob("*.png")):
    with Image.open(path) as drawn:
        whole = drawn.convert("RGB")
    for widest in (940, 800, 700, 600):
        small = whole.copy()
        small.thumbnail((widest, widest), Image.Resampling.LANCZOS)
        few = small.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
