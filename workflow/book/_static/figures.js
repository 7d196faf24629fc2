// Interactive figures: a pointer or the keyboard reads their values and enlarges them.
//
// The plain picture remains for print and for readers without scripts. A drawing of the same size
// on top of it marks the value that is read, and redraws panels that are enlarged. The values are
// in a file next to the page, which is loaded when a reader turns to the figure. The file is a
// script, since a page from the disk can load only scripts.
{
  const SVG = "http://www.w3.org/2000/svg";
  const FOLDER = `${document.documentElement.dataset.content_root ?? ""}_figures/`;
  const GRID = "#E4E4E4";
  const FRAME = "#666666";
  const STEP = 1.5; // the factor by which a key or a button enlarges
  const LEAST_DRAG = 8; // pixels; less is a click
  const PLAIN = [5e-4, 2e5]; // between these limits, the numbers of a logarithmic axis are short
  const ANCHORS = { left: "start", center: "middle", right: "end" }; // of texts, by Matplotlib's names
  const BASELINES = { top: "text-before-edge", center: "central", bottom: "text-after-edge" };
  const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  // Files of values call it.
  const waiting = {};
  window.addFigure = (name, marks) => waiting[name]?.(marks);
  const load = (name) =>
    new Promise((resolve) => {
      waiting[name] = resolve;
      const script = document.createElement("script");
      script.src = `${FOLDER}${name}.js`;
      document.head.append(script);
    });

  const make = (tag, about = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const draw = (parent, tag, about, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(about))
      if (value !== null && value !== undefined) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  };

  const power = (exponent) =>
    String(exponent).replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[digit]);
  const number = (value, precision = 4) => {
    const size = Math.abs(value);
    if (value && (size < 1e-3 || size >= 1e6)) {
      const [digits, exponent] = value.toExponential(precision - 1).split("e").map(Number);
      const mantissa = digits === 1 ? "" : `${digits}\u00a0×\u00a0`; // without possible line breaks
      return `${mantissa}10${power(exponent)}`.replace("-", "−");
    }
    const shown = Number.isInteger(value) ? value : Number(value.toPrecision(precision));
    return String(shown).replace("-", "−");
  };

  // The scale of an axis: from values to even spacing, and back.
  const scales = {
    linear: [(value) => value, (value) => value],
    log: [Math.log10, (value) => 10 ** value],
  };
  const evenSteps = (low, high, most) => {
    const rough = (high - low) / most;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = unit * [1, 2, 5, 10].find((each) => each * unit >= rough);
    const first = Math.ceil(low / step - 1e-9);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    return Array.from({ length: count }, (_, place) => Number(((first + place) * step).toPrecision(12)));
  };
  const ticks = ({ scale, names }, [from, to], most) => {
    const [low, high] = from < to ? [from, to] : [to, from];
    if (names) return names.map(([place]) => place).filter((place) => low <= place && place <= high);
    if (scale === "linear") return evenSteps(low, high, most);
    const decades = evenSteps(Math.log10(low), Math.log10(high), most).filter(Number.isInteger);
    if (decades.length > 2) return decades.map((exponent) => 10 ** exponent);
    const found = [];
    for (let unit = 10 ** Math.floor(Math.log10(low)); unit <= high; unit *= 10)
      found.push(...[1, 2, 5].map((each) => Number((each * unit).toPrecision(3))));
    const inside = found.filter((value) => low <= value && value <= high);
    if (inside.length > most && decades.length > 1) return decades.map((exponent) => 10 ** exponent);
    return inside.length > 2 ? inside : evenSteps(low, high, most);
  };

  // The ticks of an axis, each with its text: on a logarithmic one a power of ten, unless all are short.
  const numbered = (axis, limits, most) => {
    const isPlain = axis.scale === "linear" || limits.every((limit) => PLAIN[0] <= limit && limit <= PLAIN[1]);
    return ticks(axis, limits, most).map((value) => {
      const exponent = Number(Math.log10(value).toPrecision(12));
      return [value, isPlain || !Number.isInteger(exponent) ? number(value) : `10${power(exponent)}`];
    });
  };

  // The text of a value on an axis: a number, or the name of a row.
  const said = ({ names }, value) => {
    const near = names?.find(([place]) => Math.abs(place - value) < 0.45);
    return near ? near[1] : number(value);
  };

  window.lab = { make, draw, number, scales, numbered, load }; // for the explorers

  const bringToLife = (marks, { image, drawing, tip, reading, buttons, scroller, words }) => {
    const [width, height] = marks.size;
    const panels = marks.panels;
    const view = {}; // the limits of all axes that are shared, by direction and number
    for (const panel of panels) {
      for (const mark of [...panel.series, ...panel.bands])
        for (const name of ["x", "y", "low", "high"])
          if (name in mark) mark[name] = marks.columns[mark[name]];
      for (const name of ["x", "y"]) view[name + panel[name].share] = panel[name].limits;
      panel.along = panel.y.names && !panel.x.names ? "y" : "x"; // the way from value to value
      for (const series of panel.series) series.order = inOrder(series, panel.along);
      panel.series = panel.series.filter((series) => series.order.length);
    }
    const whole = { ...view };
    const mayZoom = panels.every((panel) => panel.whole);
    const isWhole = () => Object.keys(view).every((name) => String(view[name]) === String(whole[name]));
    let current = null; // the value that is read: panel, series, and position in the series

    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const anew = draw(drawing, "g", {});
    const pointer = draw(drawing, "g", { "pointer-events": "none" });
    const hits = panels.map((panel) => {
      const [left, top, right, bottom] = panel.box;
      const size = { x: left, y: top, width: right - left, height: bottom - top };
      return draw(drawing, "rect", { class: "hit", ...size });
    });

    const at = (panel, name, value) => {
      const [there] = scales[panel[name].scale];
      const [from, to] = view[name + panel[name].share].map(there);
      const part = (there(value) - from) / (to - from);
      const [left, top, right, bottom] = panel.box;
      return name === "x" ? left + part * (right - left) : bottom - part * (bottom - top);
    };
    const valueAt = (panel, name, place) => {
      const [there, back] = scales[panel[name].scale];
      const [from, to] = view[name + panel[name].share].map(there);
      const [left, top, right, bottom] = panel.box;
      const part = name === "x" ? (place - left) / (right - left) : (bottom - place) / (bottom - top);
      return back(from + part * (to - from));
    };
    // A line across the panel is read in its middle.
    const placeOf = (panel, series, index) => {
      const [left, top, right, bottom] = panel.box;
      return [
        series.x ? at(panel, "x", series.x[index]) : (left + right) / 2,
        series.y ? at(panel, "y", series.y[index]) : (top + bottom) / 2,
      ];
    };
    const isInside = ({ box: [left, top, right, bottom] }, [x, y], margin = 0.5) =>
      x >= left - margin && x <= right + margin && y >= top - margin && y <= bottom + margin;

    const nearest = (panel, [x, y]) => {
      let found = null;
      let least = Infinity;
      for (const series of panel.series) {
        for (const index of series.order) {
          const place = placeOf(panel, series, index);
          if (!isInside(panel, place)) continue;
          const away = series.x && series.y ? 0 : 1e-3; // a value on a curve takes precedence over a line
          const distance =
            (series.x ? (place[0] - x) ** 2 : 0) + (series.y ? (place[1] - y) ** 2 : 0) + away;
          if (distance < least) [least, found] = [distance, { panel, series, index }];
        }
      }
      return found;
    };

    // One value in words, for the tip and for screen readers.
    const interval = (panel, series, index) => {
      if (!series.low || series.low[index] === null) return "";
      return ` [${number(series.low[index])}, ${number(series.high[index])}]`;
    };
    const valueOf = (panel, series, index) => {
      const across = panel.along === "x" && series.y ? "y" : series.x ? "x" : "y";
      return said(panel[across], series[across][index]) + interval(panel, series, index);
    };
    const headOf = ({ panel, series, index }) => {
      const axis = panel[panel.along];
      if (!series[panel.along]) return "";
      const value = said(axis, series[panel.along][index]);
      return axis.label ? `${axis.label}: ${value}` : value;
    };
    const nameOf = (panel, series) =>
      series.label || panel[panel.along === "x" ? "y" : "x"].label || "";
    // Other values there: a row of the tip for each curve with a name.
    const beside = ({ panel, series, index }) => {
      const there = series[panel.along]?.[index];
      const rows = [];
      for (const other of panel.series) {
        if (other === series) rows.push({ series, index });
        else if (other.label && other.x && other.y && there !== undefined) {
          const same = other[panel.along].indexOf(there);
          const isThere = same >= 0 && other.order.includes(same);
          if (isThere && other[panel.along].lastIndexOf(there) === same)
            rows.push({ series: other, index: same });
        }
      }
      return rows;
    };

    const hide = () => {
      current = null;
      pointer.replaceChildren();
      tip.hidden = true;
    };
    const show = (found, aloud) => {
      if (!found) return hide();
      current = found;
      const { panel, series, index } = found;
      const [first, top, last, bottom] = panel.box;
      const [x, y] = placeOf(panel, series, index);
      pointer.replaceChildren();
      const line =
        panel.along === "x" && series.x
          ? { x1: x, x2: x, y1: top, y2: bottom }
          : { x1: first, x2: last, y1: y, y2: y };
      draw(pointer, "line", { ...line, stroke: FRAME, "stroke-dasharray": "2 2" });
      if (series.x && series.y)
        draw(pointer, "circle", { cx: x, cy: y, r: 5, fill: "none", stroke: "#000", "stroke-width": 2 });
      const head = headOf(found);
      tip.replaceChildren(...(head ? [make("b", {}, head)] : []));
      for (const row of beside(found)) {
        const swatch = make("i", { style: `background: ${row.series.color}` });
        const text = `${nameOf(panel, row.series)}: ${valueOf(panel, row.series, row.index)}`;
        tip.append(make("span", row.series === series ? { class: "read" } : {}, swatch, text));
      }
      tip.hidden = false;
      const size = drawing.getBoundingClientRect().width / width;
      const from = scroller.scrollLeft;
      const to = from + scroller.clientWidth;
      let place = x * size + 14;
      if (place + tip.offsetWidth > to) place = x * size - 14 - tip.offsetWidth;
      const left = Math.max(from, Math.min(place, to - tip.offsetWidth));
      // If there is no room next to the value, the tip is below or above it.
      const tall = tip.offsetHeight;
      const below = y * size + 14;
      const lowest = height * size - tall;
      let under = y * size - tall / 2;
      if (left !== place) under = below <= lowest ? below : y * size - 14 - tall;
      tip.style.left = `${left}px`;
      tip.style.top = `${Math.max(0, Math.min(under, lowest))}px`;
      const parts = [panel.title, head, `${nameOf(panel, series)}: ${valueOf(panel, series, index)}`];
      if (aloud) reading.textContent = parts.filter(Boolean).join("; ");
    };

    const path = (panel, xs, ys) => {
      let text = "";
      let isOn = false;
      xs.forEach((x, index) => {
        const point = [at(panel, "x", x), at(panel, "y", ys[index])];
        const isThere = x !== null && ys[index] !== null && point.every(Number.isFinite);
        if (isThere) text += `${isOn ? "L" : "M"}${point.map((each) => each.toFixed(2)).join(" ")}`;
        isOn = isThere;
      });
      return text;
    };
    const drawMarker = (parent, { radius, path: shape, fill, edge, width: line }, [x, y], alpha) => {
      const look = { fill: fill ?? "none", stroke: edge, "stroke-width": line, opacity: alpha };
      if (shape) draw(parent, "path", { d: shape, transform: `translate(${x} ${y})`, ...look });
      else draw(parent, "circle", { cx: x, cy: y, r: radius, ...look });
    };
    const idOf = (panel) => `${image.src.replace(/\W/g, "-")}-${panels.indexOf(panel)}`;
    // Matplotlib's hatch "/"; more of these characters make it denser.
    const hatched = (parent, panel, { color: fill, hatch }) => {
      const id = `${idOf(panel)}-hatch-${parent.querySelectorAll("pattern").length}`;
      const size = 8.5 / hatch.length;
      const about = { id, width: size, height: size, patternUnits: "userSpaceOnUse" };
      const pattern = draw(parent, "pattern", { ...about, patternTransform: "rotate(45)" });
      draw(pattern, "rect", { width: size, height: size, fill });
      draw(pattern, "path", { d: `M${size / 2} 0V${size}`, stroke: "#fff" });
      return `url(#${id})`;
    };
    const drawSeries = (parent, panel, series) => {
      const [left, top, right, bottom] = panel.box;
      const { color: stroke, width: thick, alpha: opacity } = series;
      const look = { stroke, "stroke-width": thick, fill: "none", opacity };
      look["stroke-dasharray"] = series.dash?.join(" ");
      if (!series.x || !series.y) {
        const [x, y] = placeOf(panel, series, 0);
        const line = series.x ? `M${x} ${top}V${bottom}` : `M${left} ${y}H${right}`;
        draw(parent, "path", { d: line, ...look });
        return;
      }
      if (Array.isArray(series.bars)) {
        const fill = series.hatch ? hatched(parent, panel, series) : stroke;
        for (const [x0, y0, x1, y1] of series.bars) {
          const [a, b] = [at(panel, "x", x0), at(panel, "x", x1)];
          const [c, d] = [at(panel, "y", y1), at(panel, "y", y0)];
          draw(parent, "rect", { x: a, y: c, width: b - a, height: Math.max(0, d - c), fill });
        }
        return;
      }
      if (series.line) draw(parent, "path", { d: path(panel, series.x, series.y), ...look });
      if (series.bars) {
        for (const index of series.order) {
          const name = series.along;
          const [x, y] = placeOf(panel, series, index);
          const [from, to] = [series.low, series.high].map((ends) => at(panel, name, ends[index]));
          const line = name === "x" ? `M${from} ${y}H${to}` : `M${x} ${from}V${to}`;
          draw(parent, "path", { d: line, ...look });
        }
      }
      if (!series.marker) return;
      const step = series.marker.every ?? 1;
      for (let index = 0; index < series.x.length; index += step) {
        const place = placeOf(panel, series, index);
        if (series.order.includes(index) && isInside(panel, place))
          drawMarker(parent, series.marker, place, series.alpha);
      }
    };
    const drawAxis = (panel, name) => {
      const [left, top, right, bottom] = panel.box;
      const axis = panel[name];
      const room = name === "x" ? (right - left) / 60 : (bottom - top) / 32;
      const limits = view[name + axis.share];
      for (const [value, text] of numbered(axis, limits, Math.max(2, Math.round(room)))) {
        const place = at(panel, name, value);
        const line = name === "x" ? `M${place} ${top}V${bottom}` : `M${left} ${place}H${right}`;
        if (axis.grid) draw(anew, "path", { d: line, stroke: GRID, "stroke-width": 0.8 });
        if (!axis.numbered || axis.names) continue;
        const here = name === "x" ? { x: place, y: bottom + 13 } : { x: left - 6, y: place + 3.2 };
        const anchor = name === "x" ? "middle" : "end";
        draw(anew, "text", { ...here, "text-anchor": anchor, "font-size": 9 }, text);
      }
    };
    // The numbers of a second axis, which moves with the first.
    const drawAbove = (panel, limits) => {
      const [left, top, right] = panel.box;
      const [first, last] = panel.x.limits;
      const share = (value) => (value - first) / (last - first);
      const there = view[`x${panel.x.share}`].map((value) => limits[0] + share(value) * (limits[1] - limits[0]));
      for (const value of evenSteps(...there, Math.max(2, Math.round((right - left) / 60)))) {
        const x = left + ((value - there[0]) / (there[1] - there[0])) * (right - left);
        draw(anew, "path", { d: `M${x} ${top - 4}v8`, stroke: FRAME, "stroke-width": 0.8 });
        draw(anew, "text", { x, y: top - 8, "text-anchor": "middle", "font-size": 9 }, number(value));
      }
    };
    const drawPanel = (panel) => {
      const [left, top, right, bottom] = panel.box;
      drawAxis(panel, "x");
      drawAxis(panel, "y");
      for (const { limits } of panel.above) drawAbove(panel, limits);
      const id = idOf(panel);
      const clip = draw(anew, "clipPath", { id });
      draw(clip, "rect", { x: left, y: top, width: right - left, height: bottom - top });
      const inside = draw(anew, "g", { "clip-path": `url(#${id})` });
      for (const { x, low, high, color, alpha } of panel.bands) {
        const back = path(panel, [...x].reverse(), [...low].reverse()).replace("M", "L");
        draw(inside, "path", { d: `${path(panel, x, high)}${back}Z`, fill: color, opacity: alpha });
      }
      for (const series of panel.series) drawSeries(inside, panel, series);
      for (const { text, at: where, shift, color, size, ha, va } of panel.texts) {
        const spacing = size * 1.2; // of lines
        const above = { center: (text.length - 1) / 2, bottom: text.length - 1 }[va] ?? 0; // lines
        const x = at(panel, "x", where[0]) + shift[0];
        const y = at(panel, "y", where[1]) - shift[1] - above * spacing;
        const look = { fill: color, "font-size": size, "text-anchor": ANCHORS[ha] };
        look["dominant-baseline"] = BASELINES[va];
        text.forEach((line, row) => draw(inside, "text", { x, y: y + row * spacing, ...look }, line));
      }
      const frame = `M${left} ${top}V${bottom}H${right}`;
      draw(anew, "path", { d: frame, stroke: FRAME, "stroke-width": 0.8, fill: "none" });
    };
    // The picture has a hole where a panel is redrawn.
    const redraw = () => {
      anew.replaceChildren();
      drawing.classList.toggle("enlarged", !isWhole());
      image.style.clipPath = "";
      if (!isWhole()) {
        panels.forEach(drawPanel);
        const outer = [[0, 0], [width, 0], [width, height], [0, height], [0, 0]];
        const holes = panels.flatMap(({ hole: [left, top, right, bottom] }) => [
          ...[[left, top], [left, bottom], [right, bottom], [right, top], [left, top]],
          [0, 0],
        ]);
        const corners = [...outer, ...holes].map(
          ([x, y]) => `${((100 * x) / width).toFixed(3)}% ${((100 * y) / height).toFixed(3)}%`,
        );
        image.style.clipPath = `polygon(evenodd, ${corners.join(", ")})`;
      }
      if (current) show(current);
    };

    const change = (panel, limitsOf) => {
      if (!mayZoom) return;
      for (const name of ["x", "y"]) {
        if (panel[name].names) continue;
        const [there, back] = scales[panel[name].scale];
        const key = name + panel[name].share;
        const found = limitsOf(name, view[key].map(there)).map(back);
        const isSound = found.every((value) => Number.isFinite(value) && Math.abs(value) < 1e200);
        const isWide = Math.abs(found[1] - found[0]) > 1e-9 * Math.abs(found[1] + found[0]);
        if (isSound && isWide) view[key] = found;
      }
      redraw();
    };
    const zoom = (factor, panel = current?.panel ?? panels[0], middle = null) => {
      const [left, top, right, bottom] = panel.box;
      const point = middle ?? (current ? placeOf(panel, current.series, current.index) : null);
      const [x, y] = point ?? [(left + right) / 2, (top + bottom) / 2];
      change(panel, (name, limits) => {
        const [there] = scales[panel[name].scale];
        const fixed = there(valueAt(panel, name, name === "x" ? x : y));
        return limits.map((limit) => fixed + (limit - fixed) / factor);
      });
    };
    const pan = (panel, right, up) =>
      change(panel, (name, [from, to]) => {
        const by = (to - from) * (name === "x" ? right : up);
        return [from + by, to + by];
      });
    const reset = () => {
      Object.assign(view, whole);
      redraw();
    };

    // The pointer reads values; pressed, it draws a frame to enlarge, or moves an enlarged panel.
    const here = (event) => {
      const box = drawing.getBoundingClientRect();
      const size = width / box.width;
      return [(event.clientX - box.left) * size, (event.clientY - box.top) * size];
    };
    let drag = null;
    hits.forEach((hit, place) => {
      const panel = panels[place];
      hit.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        const moves = !isWhole() && (event.pointerType === "touch" || event.shiftKey);
        drag = { panel, from: here(event), last: here(event), moves, moved: false };
        if (event.pointerType !== "touch" || moves) hit.setPointerCapture(event.pointerId);
      });
      hit.addEventListener("pointermove", (event) => {
        const now = here(event);
        if (!drag) {
          if (event.pointerType !== "touch") show(nearest(panel, now));
          return;
        }
        const [left, top, right, bottom] = panel.box;
        const far = Math.hypot(now[0] - drag.from[0], now[1] - drag.from[1]);
        drag.moved ||= far > LEAST_DRAG;
        if (!drag.moved || !mayZoom) return;
        if (drag.moves) {
          pan(panel, (drag.last[0] - now[0]) / (right - left), (now[1] - drag.last[1]) / (bottom - top));
        } else if (event.pointerType !== "touch") {
          pointer.replaceChildren();
          tip.hidden = true;
          const [x0, y0, x1, y1] = frameOf(panel, drag.from, now);
          const size = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
          draw(pointer, "rect", { ...size, fill: "#0072B222", stroke: "#0072B2" });
        }
        drag.last = now;
      });
      hit.addEventListener("pointerup", (event) => {
        const done = drag;
        drag = null;
        if (!done) return;
        const now = here(event);
        if (!done.moved) return show(nearest(panel, now));
        if (done.moves || event.pointerType === "touch" || !mayZoom) return;
        hide();
        const [x0, y0, x1, y1] = frameOf(panel, done.from, now);
        change(panel, (name) => {
          const [there] = scales[panel[name].scale];
          const ends = name === "x" ? [x0, x1] : [y1, y0];
          return ends.map((end) => there(valueAt(panel, name, end)));
        });
      });
      hit.addEventListener("pointercancel", () => (drag = null));
      hit.addEventListener("pointerleave", (event) => {
        if (event.pointerType !== "touch" && !drag) hide();
      });
      hit.addEventListener("dblclick", reset);
      hit.addEventListener("wheel", (event) => {
        if (!event.ctrlKey) return; // else the page scrolls
        event.preventDefault();
        zoom(event.deltaY < 0 ? STEP : 1 / STEP, panel, here(event));
      }, { passive: false });
    });
    const frameOf = (panel, [x0, y0], [x1, y1]) => {
      const [left, top, right, bottom] = panel.box;
      const inX = (x) => (panel.x.names ? null : Math.max(left, Math.min(x, right)));
      const inY = (y) => (panel.y.names ? null : Math.max(top, Math.min(y, bottom)));
      return [
        inX(Math.min(x0, x1)) ?? left,
        inY(Math.min(y0, y1)) ?? top,
        inX(Math.max(x0, x1)) ?? right,
        inY(Math.max(y0, y1)) ?? bottom,
      ];
    };

    // The keyboard goes from value to value, and from curve to curve through all panels.
    const curves = panels.flatMap((panel) => panel.series.map((series) => ({ panel, series })));
    const onScreen = (found) => {
      const { panel, series, index } = found;
      const [left, top, right, bottom] = panel.box;
      const [x, y] = placeOf(panel, series, index);
      if (!isWhole() && !isInside(panel, [x, y]))
        pan(panel, (x - (left + right) / 2) / (right - left), ((top + bottom) / 2 - y) / (bottom - top));
      return found;
    };
    const step = (by) => {
      const { panel, series, index } = current;
      const place = series.order.indexOf(index) + by;
      return { panel, series, index: series.order[Math.max(0, Math.min(place, series.order.length - 1))] };
    };
    const otherCurve = (by) => {
      const { panel, series, index } = current;
      const place = curves.findIndex((each) => each.series === series && each.panel === panel);
      const other = curves[(place + by + curves.length) % curves.length];
      const { along } = other.panel;
      const value = series[panel.along]?.[index];
      const away = (each) => Math.abs((other.series[along]?.[each] ?? 0) - (value ?? 0));
      const closest = other.series.order.reduce((a, b) => (away(b) < away(a) ? b : a));
      return { ...other, index: closest };
    };
    const first = () => ({ ...curves[0], index: curves[0].series.order[0] });
    const KEYS = {
      ArrowRight: () => show(onScreen(step(1)), true),
      ArrowLeft: () => show(onScreen(step(-1)), true),
      ArrowDown: () => show(onScreen(otherCurve(1)), true),
      ArrowUp: () => show(onScreen(otherCurve(-1)), true),
      Home: () => show(onScreen(step(-Infinity)), true),
      End: () => show(onScreen(step(Infinity)), true),
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      0: reset,
      Escape: hide,
    };
    drawing.addEventListener("keydown", (event) => {
      const act = KEYS[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (!current && /^(Arrow|Home|End)/.test(event.key)) show(first(), true);
      else act();
    });
    drawing.addEventListener("blur", hide);

    const acts = [() => zoom(STEP), () => zoom(1 / STEP), reset];
    buttons.forEach((button, place) => {
      button.disabled = !mayZoom;
      button.addEventListener("click", acts[place]);
    });
    drawing.dataset.ready = "yes";
  };

  // The values of a curve that are not missing, in the order of reading.
  const inOrder = (series, along) => {
    const values = series[along] ?? series.x ?? series.y;
    const isThere = (index) =>
      (!series.x || series.x[index] !== null) && (!series.y || series.y[index] !== null);
    const there = values.map((_, index) => index).filter(isThere);
    return there.sort((a, b) => values[a] - values[b]);
  };

  const attach = (image, words) => {
    const name = decodeURIComponent(image.src.match(/([^/]+)\.svg$/)[1]);
    const figure = image.closest("figure");
    const scroller = image.parentElement;
    const number = figure.querySelector("figcaption strong")?.textContent ?? name;
    const drawing = document.createElementNS(SVG, "svg");
    const label = `${number} ${words.values}`;
    const about = { class: "marks", tabindex: 0, role: "application", "aria-label": label };
    for (const [key, value] of Object.entries(about)) drawing.setAttribute(key, value);
    drawing.setAttribute("aria-describedby", "touch-help");
    const tip = make("div", { class: "tip", "aria-hidden": "true", hidden: "" });
    const box = make("div", { class: "touch" });
    image.replaceWith(box);
    box.append(image, drawing, tip);
    const reading = make("p", { class: "unseen", "aria-live": "polite" });
    const buttons = [
      ["+", words.enlarge],
      ["−", words.shrink],
      ["↺", words.whole],
    ].map(([sign, title]) => {
      const about = { type: "button", title, "aria-label": `${title} (${number})` };
      return make("button", about, sign);
    });
    scroller.after(make("div", { class: "tools" }, ...buttons), reading);
    let marks = null;
    const parts = { image, drawing, tip, reading, buttons, scroller, words };
    const begin = () => {
      marks ??= load(name).then((found) => bringToLife(found, parts));
      return marks;
    };
    for (const kind of ["pointerenter", "pointerdown", "focus"])
      drawing.addEventListener(kind, begin, { once: true });
    for (const button of buttons) {
      button.addEventListener("pointerenter", begin, { once: true });
      button.addEventListener("focus", begin, { once: true });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const words = JSON.parse(document.getElementById("touch-words").textContent);
    const images = document.querySelectorAll(".bd-article figure.to-touch img");
    if (!images.length) return;
    document.body.append(make("p", { id: "touch-help", class: "unseen" }, words.help));
    for (const image of images) attach(image, words);
  });
}
