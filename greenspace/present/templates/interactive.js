"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const data = read("data");
  const words = data.words;
  const [gridX, gridY, step] = data.grid;
  const most = 20;

  function corners(steps, closed) {
    const count = steps.length / 2;
    const x = new Float64Array(count + (closed ? 1 : 0));
    const y = new Float64Array(x.length);
    let east = 0;
    let north = 0;
    for (let i = 0; i < count; i++) {
      east += steps[2 * i];
      north += steps[2 * i + 1];
      x[i] = gridX + step * east;
      y[i] = gridY + step * north;
    }
    if (closed) { x[count] = x[0]; y[count] = y[0]; }
    return [x, y];
  }

  function joined(lines) {  // NaN breaks a line into its parts
    const x = [];
    const y = [];
    for (const [xs, ys] of lines) {
      if (x.length) { x.push(NaN); y.push(NaN); }
      for (let i = 0; i < xs.length; i++) { x.push(xs[i]); y.push(ys[i]); }
    }
    return [x, y];
  }

  function outlines(layer, index) {
    const shape = layer.shapes[index];
    if (layer.kind === "polygon") return shape.flat().map((ring) => corners(ring, true));
    return shape.map((steps) => corners(steps, false));
  }

  function extent(layer, index) {
    const tracks = outlines(layer, index);
    const reach = (axis, pick, from) => tracks.reduce(
      (best, track) => track[axis].reduce((a, b) => pick(a, b), best), from);
    return [reach(0, Math.min, Infinity), reach(1, Math.min, Infinity),
      reach(0, Math.max, -Infinity), reach(1, Math.max, -Infinity)];
  }

  function columns(layer) {
    if (layer.kind === "point") {
      const spots = { x: [], y: [], owner: [] };  // a shape may be many points
      layer.shapes.forEach((shape, index) => {
        for (const steps of shape) {
          const [x, y] = corners(steps, false);
          spots.x.push(x[0]);
          spots.y.push(y[0]);
          spots.owner.push(index);
        }
      });
      return spots;
    }
    if (layer.kind === "line") {
      const tracks = layer.shapes.map((_, index) => joined(outlines(layer, index)));
      return { xs: tracks.map(([x]) => x), ys: tracks.map(([, y]) => y) };
    }
    const grounds = layer.shapes.map((shape) =>
      shape.map((polygon) => polygon.map((ring) => corners(ring, false))));
    const pick = (axis) => grounds.map((shape) =>
      shape.map((polygon) => polygon.map((ring) => ring[axis])));
    return { xs: pick(0), ys: pick(1) };
  }

  function element(name, text, look) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;  // never as markup
    if (look) made.className = look;
    return made;
  }

  const place = (layer, index) => data.places[layer.places[index]] || "";
  const same = (shown, exact) => parseFloat(shown.replaceAll(",", "")) === parseFloat(exact) &&
    shown.replace(/^[-\d.,]+/, "") === exact.replace(/^[-\d.,]+/, "");

  function told([label, shown, exact, notes], index) {
    const row = element("tr");
    const cell = element("td", shown[index], exact[index] ? "n" : undefined);
    if (exact[index] && !same(shown[index], exact[index])) {
      const number = element("small", exact[index]);
      number.title = words.exact;
      cell.append(number);
    }
    const head = element("th", label);
    if (notes[index]) head.append(element("small", notes[index]));
    row.append(head, cell);
    return row;
  }

  let unfolded = false;
  function described([layer, index]) {
    const thing = element("div", undefined, "thing");
    const title = element("h3", layer.names[index] || layer.title);
    const where = [layer.names[index] ? layer.title : "", place(layer, index)].filter(Boolean);
    if (where.length) title.append(element("small", where.join(" · ")));
    const first = element("table");
    const rest = element("table");
    for (const fact of layer.facts) {
      if (fact[1][index]) (fact[4] ? rest : first).append(told(fact, index));
    }
    thing.append(title, first);
    if (rest.rows.length) {
      const fold = element("details");
      fold.open = unfolded;
      fold.addEventListener("toggle", () => { unfolded = fold.open; });
      fold.append(element("summary", words.others_of.replace("{count}", rest.rows.length)), rest);
      thing.append(fold);
    }
    return thing;
  }

  function start(model) {
    const plot = model.get_model_by_name("map");
    const drawn = new Map();
    const boxes = new Map();
    for (const box of document.querySelectorAll("input[data-key]")) {
      const renderer = model.get_model_by_name(box.dataset.key);
      boxes.set(box.dataset.key, box);
      renderer.visible = box.checked;  // a browser may remember the boxes
      box.addEventListener("change", () => { renderer.visible = box.checked; });
    }
    for (const layer of data.layers) {
      const renderer = model.get_model_by_name(layer.key);
      const filled = columns(layer);
      filled.fill = layer.fills || (filled.x || layer.shapes).map(() => "");
      renderer.data_source.data = filled;
      drawn.set(layer, renderer);
    }
    const upward = [...data.layers].reverse();

    // the view: one scale in both directions, whatever the size of the window
    const home = [plot.x_range.start, plot.y_range.start, plot.x_range.end, plot.y_range.end];
    let wanted = home;
    function look([west, south, east, north]) {
      wanted = [west, south, east, north];
      const [width, height] = [plot.inner_width || 1, plot.inner_height || 1];
      const stretch = data.stretch;
      const unit = Math.max((east - west) / stretch / width, (north - south) / height);
      const [midX, midY] = [(west + east) / 2, (south + north) / 2];
      const [halfX, halfY] = [unit * width * stretch / 2, unit * height / 2];
      plot.x_range.setv({ start: midX - halfX, end: midX + halfX });
      plot.y_range.setv({ start: midY - halfY, end: midY + halfY });
    }
    const again = () => look([plot.x_range.start, plot.y_range.start, plot.x_range.end, plot.y_range.end]);
    let first = true;
    const resized = () => { first ? look(wanted) : again(); first = false; };
    plot.properties.inner_width.change.connect(resized);
    plot.properties.inner_height.change.connect(resized);
    look(home);
    plot.on_event("reset", () => look(home));

    // what lies under the pointer
    const panel = document.getElementById("panel");
    let pinned = false;
    function tell(things, heading) {
      panel.replaceChildren(element("h2", heading));
      if (!things.length) panel.append(element("p", words.hint, "hint"));
      for (const thing of things) panel.append(described(thing));
      panel.scrollTop = 0;
    }
    function enclosed([x, y]) {
      let twice = 0;
      for (let i = 1; i < x.length; i++) {
        twice += (x[i - 1] - x[0]) * (y[i] - y[0]) - (x[i] - x[0]) * (y[i - 1] - y[0]);
      }
      return Math.abs(twice) / 2;
    }
    function size([layer, index]) {  // points before lines before land, the smallest land first
      const rank = ["point", "line", "polygon"].indexOf(layer.kind);
      if (rank < 2) return [rank, 0];
      const areas = layer.shapes[index].map((rings) => rings.reduce(
        (sum, ring, hole) => sum + (hole ? -1 : 1) * enclosed(corners(ring, true)), 0));
      return [rank, areas.reduce((sum, area) => sum + area, 0)];
    }
    function under() {
      const found = [];
      for (const layer of upward) {
        const renderer = drawn.get(layer);
        if (!renderer.visible) continue;
        const owner = renderer.data_source.data.owner;
        const rows = renderer.data_source.inspected.indices.map((row) => owner ? owner[row] : row);
        for (const index of new Set(rows)) found.push([layer, index]);
      }
      const sized = found.map((thing) => [size(thing), thing]);
      sized.sort(([a], [b]) => a[0] - b[0] || a[1] - b[1]);
      return sized.map(([, thing]) => thing);
    }
    let waiting = false;
    plot.on_event("mousemove", () => {
      if (pinned || waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        if (!pinned) tell(under(), words.here);
      });
    });
    plot.on_event("tap", () => {
      const things = under();
      pinned = !pinned && things.length > 0;
      mark(null);
      tell(things, pinned ? words.pinned : words.here);
    });

    // search by name
    const line = model.get_model_by_name("highlight_line").data_source;
    const point = model.get_model_by_name("highlight_point").data_source;
    function mark(thing) {
      const tracks = thing ? outlines(...thing) : [];
      const spot = thing && thing[0].kind === "point";
      line.data = spot ? { xs: [], ys: [] } : { xs: tracks.map(([x]) => x), ys: tracks.map(([, y]) => y) };
      point.data = spot ? { x: tracks.map(([x]) => x[0]), y: tracks.map(([, y]) => y[0]) } : { x: [], y: [] };
    }
    function go(thing) {
      const [layer, index] = thing;
      const [west, south, east, north] = extent(layer, index);
      const room = Math.max(0.6 * Math.max(east - west, north - south), (home[2] - home[0]) / 40);
      const box = boxes.get(layer.key);
      if (!box.checked) box.click();
      mark(thing);
      if (Number.isFinite(east - west)) look([west - room, south - room, east + room, north + room]);
      pinned = true;
      tell([thing], words.pinned);
    }
    const named = [];
    for (const layer of upward) {
      layer.names.forEach((name, index) => { if (name) named.push([name, name.toLowerCase(), layer, index]); });
    }
    const input = document.getElementById("search");
    const list = document.getElementById("found");
    function matches() {
      const asked = input.value.trim().toLowerCase();
      if (!asked) return [];
      const ranked = [[], [], []];
      for (const entry of named) {
        const at = entry[1].indexOf(asked);
        if (at >= 0) ranked[entry[1] === asked ? 0 : at === 0 ? 1 : 2].push(entry);
      }
      return ranked.flat();
    }
    function choose([name, , layer, index]) {
      input.value = name;
      list.replaceChildren();
      input.focus();
      go([layer, index]);
    }
    function offer(entry) {
      const [name, , layer, index] = entry;
      const item = element("li");
      const button = element("button", name);
      button.type = "button";
      button.append(element("small", [layer.title, place(layer, index)].filter(Boolean).join(" · ")));
      button.addEventListener("click", () => choose(entry));
      item.append(button);
      return item;
    }
    function count(found) {
      if (!found.length) return input.value.trim() ? words.nothing : "";
      if (found.length <= most) return "";
      return words.of_all.replace("{shown}", most).replace("{count}", found.length);
    }
    const status = document.getElementById("count");
    input.addEventListener("input", () => {
      const found = matches();
      list.replaceChildren(...found.slice(0, most).map(offer));
      status.textContent = count(found);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && matches().length) choose(matches()[0]);
    });
    document.querySelector(".search").addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const stops = [input, ...list.querySelectorAll("button")];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (next) next.focus();
      event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (list.contains(document.activeElement)) input.focus();
      list.replaceChildren();
      status.textContent = "";
      pinned = false;
      mark(null);
      tell([], words.here);
    });
    document.documentElement.dataset.ready = "yes";
  }

  Bokeh.embed.embed_item(read("figure"), "map").then(() => {
    start(Bokeh.documents[Bokeh.documents.length - 1]);
  });
})();
