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
      x.push(...xs);
      y.push(...ys);
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
      const spots = layer.shapes.map((shape) => corners(shape[0], false));
      return { x: spots.map(([x]) => x[0]), y: spots.map(([, y]) => y[0]) };
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

  function described([layer, index]) {
    const thing = element("div", undefined, "thing");
    const title = element("h3", layer.names[index] || layer.title);
    if (layer.names[index]) title.append(element("small", layer.title));
    const table = element("table");
    for (const [label, shown, exact] of layer.facts) {
      if (!shown[index]) continue;
      const row = element("tr");
      const cell = element("td", shown[index], exact[index] ? "n" : undefined);
      if (exact[index]) {
        const number = element("small", exact[index]);
        number.title = words.exact;
        cell.append(number);
      }
      row.append(element("th", label), cell);
      table.append(row);
    }
    thing.append(title, table);
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
      filled.fill = layer.fills || layer.shapes.map(() => "");
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
    function size([layer, index]) {  // points before lines before land, the smallest land first
      const rank = ["point", "line", "polygon"].indexOf(layer.kind);
      const [west, south, east, north] = extent(layer, index);
      return [rank, (east - west) * (north - south)];
    }
    function under() {
      const found = [];
      for (const layer of upward) {
        const renderer = drawn.get(layer);
        if (!renderer.visible) continue;
        for (const index of renderer.data_source.inspected.indices) found.push([layer, index]);
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
      point.data = spot ? { x: [tracks[0][0][0]], y: [tracks[0][1][0]] } : { x: [], y: [] };
    }
    function go(thing) {
      const [layer, index] = thing;
      const [west, south, east, north] = extent(layer, index);
      const room = Math.max(0.6 * Math.max(east - west, north - south), (home[2] - home[0]) / 40);
      const box = boxes.get(layer.key);
      if (!box.checked) box.click();
      mark(thing);
      look([west - room, south - room, east + room, north + room]);
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
        if (ranked[0].length >= most) break;
      }
      return ranked.flat().slice(0, most);
    }
    function choose([name, , layer, index]) {
      input.value = name;
      list.replaceChildren();
      go([layer, index]);
    }
    input.addEventListener("input", () => {
      const found = matches();
      list.replaceChildren(...found.map((entry) => {
        const item = element("li");
        const button = element("button", entry[0]);
        button.type = "button";
        button.append(element("small", entry[2].title));
        button.addEventListener("click", () => choose(entry));
        item.append(button);
        return item;
      }));
      if (!found.length && input.value.trim()) list.append(element("li", words.nothing, "hint"));
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && matches().length) choose(matches()[0]);
    });
    document.documentElement.dataset.ready = "yes";
  }

  Bokeh.embed.embed_item(read("figure"), "map").then(() => {
    start(Bokeh.documents[Bokeh.documents.length - 1]);
  });
})();
