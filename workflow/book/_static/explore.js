// Explorers: results of the book at each setting, with small experiments that the page itself
// computes. The figures of the page show the same without scripts.
{
  const { draw, make, number, numbered, scales, load } = window.lab;
  const COLOURS = { blue: "#0072B2", red: "#D55E00", green: "#009E73", purple: "#CC79A7", black: "#000" };
  const [WIDTH, HEIGHT] = [360, 260];
  const BOX = { left: 52, top: 10, right: 350, bottom: 218 };
  const LOWEST = 1e-300; // the smallest value on a logarithmic axis

  // A chart that is redrawn after each change; its limits may change too.
  const chart = (parent, label, axes) => {
    const svg = draw(parent, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
    const id = `${parent.closest(".explore").dataset.name}-${parent.querySelectorAll("svg").length}`;
    const clip = draw(svg, "clipPath", { id });
    const size = { width: BOX.right - BOX.left, height: BOX.bottom - BOX.top };
    draw(clip, "rect", { x: BOX.left, y: BOX.top, ...size });
    const back = draw(svg, "g", {});
    const inside = draw(svg, "g", { "clip-path": `url(#${id})` });
    const above = draw(svg, "g", {}); // dots, which are whole at the edges, too
    const at = (name) => (value) => {
      const { scale = "linear", limits } = axes[name];
      const [there] = scales[scale];
      const [from, to] = limits.map(there);
      const part = (there(scale === "log" ? Math.max(value, LOWEST) : value) - from) / (to - from);
      const place = name === "x" ? BOX.left + part * size.width : BOX.bottom - part * size.height;
      return Math.max(-1e4, Math.min(1e4, place));
    };
    const [x, y] = [at("x"), at("y")];
    const line = (xs, ys, look) => {
      const there = xs.map((value, place) => [x(value), y(ys[place])]).filter((each) => each.every(Number.isFinite));
      const path = there.map((each) => each.map((place) => place.toFixed(1)).join(" ")).join("L");
      if (path) draw(inside, "path", { d: `M${path}`, fill: "none", "stroke-width": 2, ...look });
    };
    const isInside = (cx, cy) =>
      cx >= BOX.left - 0.5 && cx <= BOX.right + 0.5 && cy >= BOX.top - 0.5 && cy <= BOX.bottom + 0.5;
    const dots = (xs, ys, { r = 3, ...look }) =>
      xs.forEach((value, place) => {
        const [cx, cy] = [x(value), y(ys[place])];
        if (isInside(cx, cy)) draw(above, "circle", { cx, cy, r, ...look });
      });
    const upright = (value, look) =>
      draw(inside, "path", { d: `M${x(value)} ${BOX.top}V${BOX.bottom}`, stroke: "#666", ...look });
    const begin = () => {
      for (const layer of [back, inside, above]) layer.replaceChildren();
      for (const [value, text] of numbered({ scale: "linear", ...axes.x }, axes.x.limits, 6)) {
        draw(back, "path", { d: `M${x(value)} ${BOX.top}V${BOX.bottom}`, stroke: "#E4E4E4" });
        draw(back, "text", { x: x(value), y: BOX.bottom + 14, "text-anchor": "middle" }, text);
      }
      for (const [value, text] of numbered({ scale: "linear", ...axes.y }, axes.y.limits, 6)) {
        draw(back, "path", { d: `M${BOX.left} ${y(value)}H${BOX.right}`, stroke: "#E4E4E4" });
        draw(back, "text", { x: BOX.left - 5, y: y(value) + 3, "text-anchor": "end" }, text);
      }
      draw(back, "path", { d: `M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}`, stroke: "#666", fill: "none" });
      draw(back, "text", { x: (BOX.left + BOX.right) / 2, y: HEIGHT - 10, "text-anchor": "middle" }, axes.x.label);
      const turned = { transform: `translate(11 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" };
      draw(back, "text", turned, axes.y.label);
    };
    return { axes, begin, line, dots, upright, inside, x, y };
  };
  const legend = (parent, entries) => {
    const list = make("p", { class: "legend" });
    for (const [color, text] of entries)
      list.append(make("span", {}, make("i", { style: `background: ${color}` }), text), " ");
    parent.append(list);
  };

  // Controls: each calls back with the chosen value, and shows it.
  let named = 0;
  const slider = (box, label, values, start, act, show = number) => {
    const id = `explore-${(named += 1)}`;
    const input = make("input", { type: "range", id, min: 0, max: values.length - 1, step: 1, value: start });
    const output = make("output", { for: id });
    const say = () => {
      const shown = show(values[input.value]);
      output.textContent = shown;
      input.setAttribute("aria-valuetext", shown);
    };
    input.addEventListener("input", () => {
      say();
      act();
    });
    say();
    box.append(make("div", {}, make("label", { for: id }, label), input, output));
    return {
      get value() {
        return values[input.value];
      },
    };
  };
  const choice = (box, label, options, act) => {
    const id = `explore-${(named += 1)}`;
    const select = make("select", { id });
    for (const [value, text] of options) select.append(make("option", { value }, text));
    select.addEventListener("change", act);
    box.append(make("div", {}, make("label", { for: id }, label), select));
    return select;
  };
  const button = (box, text, act) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", act);
    box.append(made);
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const layOut = (box, title) => {
    const parts = { controls: make("div", { class: "controls" }), charts: make("div", { class: "charts" }) };
    const said = make("p", { class: "said", "aria-live": "polite" });
    box.append(make("p", { class: "title" }, title), parts.controls, parts.charts, said);
    return { ...parts, said };
  };

  const range = (count, first = 0) => Array.from({ length: count }, (_, place) => first + place);
  const evenly = (from, to, count) => range(count).map((place) => from + ((to - from) * place) / (count - 1));
  const unique = (values) => [...new Set(values)];
  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  };
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  // The numbers of a table's rows in which columns have given values.
  const rowsOf = (table, wanted) => {
    const columns = Object.entries(wanted);
    return range(table[columns[0][0]].length).filter((row) => columns.every(([name, value]) => table[name][row] === value));
  };

  // 4.1.2: a function, its tangent, and the derivative.
  const activations = (box, { activations: table }, words) => {
    const { controls, charts, said } = layOut(box, words.activations);
    const update = () => {
      const rows = rowsOf(table, { function: kind.value });
      const [xs, values, slopes] = ["x", "value", "derivative"].map((name) => rows.map((row) => table[name][row]));
      const place = xs.indexOf(x.value);
      const [value, slope] = [values[place], slopes[place]];
      above.axes.y.limits = [Math.min(...values) - 0.3, Math.max(1.2, Math.max(...values) + 0.3)];
      above.begin();
      above.line(xs, values, { stroke: COLOURS.blue });
      const tangent = xs.map((each) => value + slope * (each - x.value));
      above.line(xs, tangent, { stroke: COLOURS.red, "stroke-dasharray": "5 3" });
      above.dots([x.value], [value], { r: 5, fill: COLOURS.blue });
      below.begin();
      below.line(xs, slopes, { stroke: COLOURS.red });
      below.dots([x.value], [slope], { r: 5, fill: COLOURS.red });
      said.textContent = fill(words["at x"], { x: number(x.value), value: number(value), slope: number(slope) });
    };
    const names = unique(table.function);
    const xs = unique(table.x);
    const kind = choice(controls, words.function, names.map((name) => [name, words[name] ?? name]), update);
    const x = slider(controls, "x", xs, Math.round(xs.length * 0.6), update);
    const limits = [Math.min(...xs), Math.max(...xs)];
    const above = chart(charts, words.function, { x: { limits, label: "x" }, y: { limits: [-1, 1], label: words.function } });
    const below = chart(charts, words.derivative, { x: { limits, label: "x" }, y: { limits: [-0.05, 1.05], label: words.derivative } });
    update();
  };

  // 3.1: the path down the surface of the loss, with each learning rate.
  const learningRate = (box, tables, words) => {
    const { learning_rate_path: path, learning_rate_surface: surface } = tables;
    const { controls, charts, said } = layOut(box, words["learning rate title"]);
    const names = unique(surface.first);
    const best = names.map((name) => surface.best[surface.first.indexOf(name)]);
    const curvature = names.map((_, i) => names.map((_, j) => surface.curvature[i * names.length + j]));
    const lossAt = (point) => {
      const away = point.map((value, place) => value - best[place]);
      const bent = curvature.map((row) => row.reduce((sum, each, place) => sum + each * away[place], 0));
      return surface.least_loss[0] + away.reduce((sum, value, place) => sum + value * bent[place], 0) / 2;
    };
    // The surface over the first two parameters, with all others at their best values.
    const bowl = curvature.map((row) => [...row]);
    for (let last = names.length - 1; last > 1; last -= 1)
      for (let i = 0; i < last; i += 1)
        for (let j = 0; j < last; j += 1) bowl[i][j] -= (bowl[i][last] * bowl[last][j]) / bowl[last][last];
    const a = Math.sqrt(bowl[0][0]);
    const b = bowl[1][0] / a;
    const c = Math.sqrt(bowl[1][1] - b * b);
    const circle = evenly(0, 2 * Math.PI, 80);
    const contour = (excess) => {
      const radius = Math.sqrt(2 * excess);
      const ends = circle.map((angle) => [Math.cos(angle) * radius, (Math.sin(angle) * radius) / c]);
      return [ends.map(([u, v]) => best[0] + (u - b * v) / a), ends.map(([, v]) => best[1] + v)];
    };
    const wayOf = (rate) => {
      const rows = rowsOf(path, { learning_rate: rate });
      const values = names.map((name) => rows.filter((row) => path.parameter[row] === name).map((row) => path.value[row]));
      return values[0].map((_, step) => values.map((each) => each[step]));
    };
    const rates = unique(path.learning_rate);
    const ways = new Map(rates.map((rate) => [rate, wayOf(rate)]));
    const start = ways.get(rates[0])[0];
    const most = Math.max(...path.step);
    const reach = [0, 1].map((place) => 1.6 * Math.abs(start[place] - best[place]) + 0.5);
    const limits = [0, 1].map((place) => [best[place] - reach[place], best[place] + reach[place]]);
    const first = lossAt(start);
    const update = () => {
      const way = ways.get(rate.value).slice(0, steps.value + 1);
      const losses = way.map(lossAt);
      plane.begin();
      for (const share of [0.01, 0.05, 0.2, 0.5, 1, 2]) plane.line(...contour(first * share), { stroke: "#999", "stroke-width": 1 });
      plane.line(way.map((point) => point[0]), way.map((point) => point[1]), { stroke: COLOURS.blue });
      plane.dots(way.map((point) => point[0]), way.map((point) => point[1]), { r: 2.5, fill: COLOURS.blue });
      plane.dots([best[0]], [best[1]], { r: 5, fill: COLOURS.green });
      down.begin();
      down.line(range(losses.length), losses, { stroke: COLOURS.blue });
      const about = { rate: number(rate.value), step: way.length - 1, loss: number(losses.at(-1)), first: number(first) };
      said.textContent = fill(losses.at(-1) > first ? words["above the start"] : words["after steps"], about);
    };
    const rate = slider(controls, words["learning rate"], rates, rates.length >> 1, () => update());
    const steps = slider(controls, words.steps, range(most + 1), most >> 2, () => update());
    const [x, y] = [0, 1].map((place) => ({ limits: limits[place], label: names[place] }));
    const plane = chart(charts, words.surface, { x, y });
    const lowest = Math.max(surface.least_loss[0] / 2, first * 1e-7);
    const loss = { limits: [lowest, first * 100], scale: "log", label: words["training loss"] };
    const down = chart(charts, words["training loss"], { x: { limits: [0, most], label: words.step }, y: loss });
    legend(box, [["#999", words.contours], [COLOURS.blue, words.path], [COLOURS.green, words.lowest]]);
    update();
  };

  // 3.6: the weights of each class as an image, after each epoch.
  const WHITE = [255, 255, 255];
  const LEVELS = 127; // of a pixel, above and below zero
  const channels = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
  const weightImages = (box, { weight_images: measured, weight_images_pixels: images }, words) => {
    const { controls, charts, said } = layOut(box, words["weight_images title"]);
    const epochs = measured.epoch;
    const [below, above] = [COLOURS.blue, COLOURS.red].map(channels);
    const paint = (canvas, pixels) => {
      const picture = new ImageData(canvas.width, canvas.height);
      pixels.forEach((level, place) => {
        const ends = level < 0 ? below : above;
        const colour = WHITE.map((from, each) => from + ((ends[each] - from) * Math.abs(level)) / LEVELS);
        picture.data.set([...colour, 255], 4 * place);
      });
      canvas.getContext("2d").putImageData(picture, 0, 0);
    };
    const shown = new Map(epochs.map((each) => [each, rowsOf(images, { epoch: each }).map(
      (row) => Int8Array.from(atob(images.pixels[row]), (letter) => letter.charCodeAt(0)),
    )]));
    const width = images.width[0];
    const height = shown.get(epochs[0])[0].length / width;
    const update = () => {
      const row = epochs.indexOf(epoch.value);
      shown.get(epoch.value).forEach((pixels, place) => paint(canvases[place], pixels));
      course.begin();
      course.upright(epoch.value);
      for (const [values, look] of lines) {
        course.line(epochs, values, look);
        course.dots([epoch.value], [values[row]], { r: 4, fill: look.stroke });
      }
      const text = epoch.value ? words["after epoch"] : words["before training"];
      said.textContent = fill(text, {
        epoch: epoch.value,
        accuracy: number(measured.test_accuracy[row], 3),
        loss: number(measured.test_loss[row], 3),
        mean: number(measured.correlation_mean[row], 3),
        last: number(measured.correlation_last[row], 3),
      });
    };
    const epoch = slider(controls, words.epoch, epochs, epochs.length - 1, () => update());
    const grid = make("div", { class: "images" });
    charts.append(grid);
    const canvases = rowsOf(images, { epoch: epochs[0] }).map((row) => {
      const name = images.name[row];
      const canvas = make("canvas", { width, height, role: "img", "aria-label": name });
      grid.append(make("div", {}, canvas, make("span", { "aria-hidden": "true" }, name)));
      return canvas;
    });
    const lines = [
      [measured.test_accuracy, { stroke: COLOURS.black }],
      [measured.correlation_mean, { stroke: COLOURS.purple }],
      [measured.correlation_last, { stroke: COLOURS.green, "stroke-dasharray": "5 3" }],
    ];
    const label = words["correlation and accuracy"];
    const lowest = Math.min(0, ...lines.flatMap(([values]) => values));
    const x = { limits: [0, epochs.at(-1)], label: words.epoch };
    const course = chart(charts, label, { x, y: { limits: [lowest, 1], label } });
    const [scale, less] = [1, -1].map((sign) => number(sign * images.scale[0]));
    legend(box, [
      [COLOURS.red, fill(words["weights from"], { scale })], [COLOURS.blue, fill(words["weights to"], { scale: less })],
    ]);
    legend(box, [
      [COLOURS.black, words["test accuracy"]], [COLOURS.purple, words["correlation with mean"]],
      [COLOURS.green, words["correlation with last"]],
    ]);
    update();
  };

  // 4.4: the terms xⁱ / i! of polynomials, as in the notes.
  const terms = (x, count) => {
    const found = [1];
    for (let term = 1; term < count; term += 1) found.push((found[term - 1] * x) / term);
    return found;
  };
  const valueAt = (weights, x) => terms(x, weights.length).reduce((sum, term, place) => sum + term * weights[place], 0);
  const GRID = evenly(-3, 3, 121);
  const curveLimits = (truth) => {
    const values = GRID.map((x) => valueAt(truth, x));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [low - 0.15 * (high - low), high + 0.15 * (high - low)];
  };
  const LOSSES = [1e-4, 1e6];

  // 4.4.4: the fits of the book, by degree and number of examples.
  const polynomials = (box, tables, words) => {
    const { sample_size_fits: fits, sample_size_degrees: losses, sample_size_examples: examples } = tables;
    const truth = tables.sample_size_truth.weight;
    const { controls, charts, said } = layOut(box, words["polynomials title"]);
    const sizes = unique(fits.examples);
    const degrees = unique(fits.degree).sort((a, b) => a - b);
    const datasets = unique(fits.replicate);
    const truly = GRID.map((x) => valueAt(truth, x));
    const update = () => {
      const wanted = { examples: size.value, replicate: Number(dataset.value) };
      const weights = rowsOf(fits, { ...wanted, degree: degree.value }).map((row) => fits.weight[row]);
      const seen = rowsOf(examples, { replicate: wanted.replicate }).slice(0, size.value);
      curves.begin();
      const points = ["x", "y"].map((name) => seen.map((row) => examples[name][row]));
      curves.dots(...points, { r: 2.5, fill: "none", stroke: COLOURS.blue });
      curves.line(GRID, truly, { stroke: COLOURS.black, "stroke-dasharray": "5 3" });
      curves.line(GRID, GRID.map((x) => valueAt(weights, x)), { stroke: COLOURS.purple, "stroke-width": 2.5 });
      errors.begin();
      errors.upright(degree.value);
      const found = {};
      for (const [split, color] of [["train", COLOURS.blue], ["test", COLOURS.red]]) {
        const rows = rowsOf(losses, { ...wanted, split });
        const values = rows.map((row) => losses.loss[row]);
        errors.line(rows.map((row) => losses.degree[row]), values, { stroke: color });
        found[split] = values[rows.findIndex((row) => losses.degree[row] === degree.value)];
        errors.dots([degree.value], [found[split]], { r: 4, fill: color });
      }
      const about = { degree: degree.value, examples: size.value, train: number(found.train), test: number(found.test) };
      said.textContent = fill(words["losses of fit"], about);
    };
    const degree = slider(controls, words.degree, degrees, Math.min(3, degrees.length - 1), () => update());
    const size = slider(controls, words.examples, sizes, sizes.length >> 1, () => update());
    const dataset = choice(controls, words.dataset, datasets.map((each) => [each, each + 1]), () => update());
    const curves = chart(charts, words.fit, { x: { limits: [-3, 3], label: "x" }, y: { limits: curveLimits(truth), label: "y" } });
    const x = { limits: [0, Math.max(...degrees)], label: words.degree };
    const errors = chart(charts, words["mean squared error"], { x, y: { limits: LOSSES, scale: "log", label: words["mean squared error"] } });
    legend(box, [
      [COLOURS.purple, words.fit], [COLOURS.black, words["true curve"]],
      [COLOURS.blue, words["training loss"]], [COLOURS.red, words["test loss"]],
    ]);
    update();
  };

  // Random numbers that are the same in every browser, and from the normal distribution.
  const random = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (uniform) => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  // Least squares by Householder reflections: one decomposition serves every degree. The columns
  // are brought to one length first, as in the book's own fits.
  const fitAll = (xs, ys, count) => {
    const rows = xs.map((x) => terms(x, count));
    const lengths = range(count).map((column) => Math.hypot(...rows.map((row) => row[column])) || 1);
    const A = rows.map((row) => row.map((value, column) => value / lengths[column]));
    const y = [...ys];
    const columns = Math.min(count, xs.length);
    for (let k = 0; k < columns; k += 1) {
      let norm = 0;
      for (let i = k; i < A.length; i += 1) norm += A[i][k] ** 2;
      const pivot = A[k][k] > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
      const v = A.slice(k).map((row) => row[k]);
      v[0] -= pivot;
      const square = v.reduce((sum, value) => sum + value * value, 0);
      if (!square) continue;
      for (let j = k; j <= count; j += 1) {
        const get = j === count ? (i) => y[i] : (i) => A[i][j];
        let along = 0;
        for (let i = k; i < A.length; i += 1) along += v[i - k] * get(i);
        for (let i = k; i < A.length; i += 1) {
          const less = (2 * along * v[i - k]) / square;
          if (j === count) y[i] -= less;
          else A[i][j] -= less;
        }
      }
    }
    return range(columns).map((degree) => {
      const w = new Array(degree + 1).fill(0);
      for (let i = degree; i >= 0; i -= 1) {
        let rest = y[i];
        for (let j = i + 1; j <= degree; j += 1) rest -= A[i][j] * w[j];
        w[i] = rest / A[i][i];
      }
      return w.map((weight, column) => weight / lengths[column]);
    });
  };

  // The playground fits each of many samples: their spread is the variance, their common error the bias.
  const SAMPLES = 40;
  const MOST_TERMS = 16;
  const TEST_POINTS = 200;
  const playground = (box, { sample_size_truth: truth, sample_size_degrees: losses }, words) => {
    const { controls, charts, said } = layOut(box, words["playground title"]);
    const noises = unique([0, truth.noise[0], 0.3, 1, 3, 10]).sort((a, b) => a - b);
    const sizes = unique([5, 10, 20, 50, 100, 200]);
    const truly = GRID.map((x) => valueAt(truth.weight, x));
    const limits = curveLimits(truth.weight);
    let seed = 1;
    let fits = [];
    let points = [];
    let parts = [];
    const sample = () => {
      const uniform = random(seed);
      fits = range(SAMPLES).map(() => {
        const xs = range(size.value).map(() => normal(uniform));
        const ys = xs.map((x) => valueAt(truth.weight, x) + noise.value * normal(uniform));
        points = [xs, ys];
        return fitAll(xs, ys, MOST_TERMS);
      });
      const tests = range(TEST_POINTS).map(() => normal(uniform));
      parts = range(fits[0].length).map((degree) => {
        let [bias, variance] = [0, 0];
        for (const x of tests) {
          const values = fits.map((each) => valueAt(each[degree], x));
          const middle = mean(values);
          bias += (middle - valueAt(truth.weight, x)) ** 2 / TEST_POINTS;
          variance += mean(values.map((value) => (value - middle) ** 2)) / TEST_POINTS;
        }
        return { bias, variance, total: bias + variance + noise.value ** 2 };
      });
      update();
    };
    const update = () => {
      const chosen = Math.min(degree.value, parts.length - 1);
      curves.begin();
      const values = fits.map((each) => GRID.map((x) => valueAt(each[chosen], x)));
      for (const each of values) curves.line(GRID, each, { stroke: COLOURS.purple, "stroke-width": 1, opacity: 0.35 });
      curves.line(GRID, GRID.map((_, place) => mean(values.map((each) => each[place]))), { stroke: COLOURS.purple, "stroke-width": 3 });
      curves.line(GRID, truly, { stroke: COLOURS.black, "stroke-dasharray": "5 3" });
      curves.dots(...points, { r: 2, fill: COLOURS.blue });
      errors.begin();
      errors.upright(chosen);
      const xs = range(parts.length);
      for (const [name, color] of [["bias", COLOURS.blue], ["variance", COLOURS.red], ["total", COLOURS.black]])
        errors.line(xs, parts.map((part) => part[name]), { stroke: color });
      const { bias, variance, total } = parts[chosen];
      const about = { degree: chosen, bias: number(bias), variance: number(variance), total: number(total) };
      let text = fill(words["parts of error"], about);
      const rows = noise.value === truth.noise[0] ? rowsOf(losses, { examples: size.value, split: "test" }) : [];
      const measured = xs.map((each) => median(rows.filter((row) => losses.degree[row] === each).map((row) => losses.loss[row])));
      if (rows.length) {
        const there = xs.filter((each) => Number.isFinite(measured[each]));
        errors.dots(there, there.map((each) => measured[each]), { r: 4, fill: "none", stroke: COLOURS.green, "stroke-width": 2 });
        if (Number.isFinite(measured[chosen])) text += fill(words["measured in the book"], { loss: number(measured[chosen]) });
      }
      said.textContent = text;
    };
    const degree = slider(controls, words.degree, range(MOST_TERMS), 3, () => update());
    const size = slider(controls, words.examples, sizes, 2, () => sample());
    const noise = slider(controls, words.noise, noises, noises.indexOf(truth.noise[0]), () => sample());
    button(controls, words["draw anew"], () => {
      seed += 1;
      sample();
    });
    const curves = chart(charts, words["fits to samples"], { x: { limits: [-3, 3], label: "x" }, y: { limits, label: "y" } });
    const x = { limits: [0, MOST_TERMS - 1], label: words.degree };
    const y = { limits: [1e-5, 1e5], scale: "log", label: words["mean squared error"] };
    const errors = chart(charts, words["mean squared error"], { x, y });
    legend(box, [
      [COLOURS.purple, fill(words["fits to many"], { samples: SAMPLES })], [COLOURS.black, words["true curve or total"]],
      [COLOURS.blue, words.bias], [COLOURS.red, words.variance], [COLOURS.green, words["test loss of the book"]],
    ]);
    sample();
  };

  // 4.1: a perceptron with one hidden layer, trained in the page on points in the plane.
  const CELLS = 36;
  const EPOCHS = 25;
  const SHAPES = {
    ring: (u, v) => (u * u + v * v < 0.35 ? 1 : 0),
    corners: (u, v) => (u * v > 0 ? 1 : 0),
    stripe: (u) => (Math.abs(u) < 0.4 ? 1 : 0),
  };
  const RISES = {
    relu: [(z) => Math.max(z, 0), (h) => (h > 0 ? 1 : 0)],
    sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (h) => h * (1 - h)],
    tanh: [Math.tanh, (h) => 1 - h * h],
    none: [(z) => z, () => 1],
  };
  const network = (box, _, words) => {
    const { controls, charts, said } = layOut(box, words["network title"]);
    let [points, W, out, epoch, losses] = [[], [], [], 0, []];
    const forward = ([u, v]) => {
      const h = W.map(([a, b, c]) => RISES[rise.value][0](a * u + b * v + c));
      const z = h.reduce((sum, value, place) => sum + value * out[place], out[h.length]);
      return [h, 1 / (1 + Math.exp(-z))];
    };
    const reset = () => {
      const uniform = random(7);
      points = range(150).map(() => [2 * uniform() - 1, 2 * uniform() - 1]).map((at) => [...at, SHAPES[shape.value](...at)]);
      W = range(units.value).map(() => range(3).map(() => normal(uniform)));
      out = range(units.value + 1).map(() => normal(uniform) / Math.sqrt(units.value));
      [epoch, losses] = [0, []];
      update();
    };
    const learn = () => {
      const uniform = random(epoch + 1);
      for (let pass = 0; pass < EPOCHS; pass += 1) {
        const order = points.map((point) => [uniform(), point]).sort((a, b) => a[0] - b[0]);
        for (const [, [u, v, y]] of order) {
          const [h, p] = forward([u, v]);
          const error = rate.value * (p - y);
          h.forEach((value, place) => {
            const back = error * out[place] * RISES[rise.value][1](value);
            out[place] -= error * value;
            [u, v, 1].forEach((input, column) => (W[place][column] -= back * input));
          });
          out[h.length] -= error;
        }
        epoch += 1;
        losses.push(mean(points.map(lossOf)));
      }
      update();
    };
    const lossOf = (point) => {
      const [, p] = forward(point);
      return -Math.log(Math.max(point[2] ? p : 1 - p, 1e-12));
    };
    const update = () => {
      map.begin();
      const width = map.x(2 / CELLS) - map.x(0);
      const height = map.y(0) - map.y(2 / CELLS);
      for (const i of range(CELLS))
        for (const j of range(CELLS)) {
          const [u, v] = [(2 * i) / CELLS - 1, (2 * j) / CELLS - 1];
          const [, p] = forward([u + 1 / CELLS, v + 1 / CELLS]);
          const look = { fill: p > 0.5 ? COLOURS.red : COLOURS.blue, opacity: (Math.abs(p - 0.5) * 0.8).toFixed(2) };
          const place = { x: map.x(u), y: map.y(v + 2 / CELLS), "shape-rendering": "crispEdges" };
          draw(map.inside, "rect", { ...place, width, height, ...look });
        }
      for (const [u, v, y] of points)
        map.dots([u], [v], { r: 3, fill: y ? COLOURS.red : "#fff", stroke: y ? "#fff" : COLOURS.blue });
      down.axes.x.limits = [0, Math.max(EPOCHS, losses.length)];
      down.begin();
      down.line(range(losses.length, 1), losses, { stroke: COLOURS.blue });
      const right = mean(points.map((point) => Number(forward(point)[1] > 0.5 === (point[2] === 1))));
      const about = { epoch, loss: number(mean(points.map(lossOf))), accuracy: number(right) };
      said.textContent = fill(words["state of network"], about);
    };
    const shape = choice(controls, words.points, Object.keys(SHAPES).map((name) => [name, words[name]]), () => reset());
    const rise = choice(controls, words.activation, Object.keys(RISES).map((name) => [name, words[name]]), () => reset());
    const units = slider(controls, words["hidden units"], [1, 2, 3, 4, 6, 8, 16], 5, () => reset());
    const rate = slider(controls, words["learning rate"], [0.003, 0.01, 0.03, 0.1, 0.3], 2, () => reset());
    button(controls, fill(words.train, { epochs: EPOCHS }), learn);
    button(controls, words.reset, () => reset());
    const axis = { limits: [-1, 1] };
    const map = chart(charts, words.map, { x: { ...axis, label: "x₁" }, y: { ...axis, label: "x₂" } });
    const loss = { limits: [0, 1], label: words["training loss"] };
    const down = chart(charts, words["training loss"], { x: { limits: [0, EPOCHS], label: words.epoch }, y: loss });
    reset();
  };

  const EXPLORERS = { activations, learning_rate: learningRate, weight_images: weightImages, polynomials, playground, network };

  document.addEventListener("DOMContentLoaded", () => {
    const words = JSON.parse(document.getElementById("touch-words").textContent).explore;
    for (const box of document.querySelectorAll(".explore")) {
      const { name } = box.dataset;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", words[`${name} name`] ?? name);
      const watch = new IntersectionObserver(async (changes) => {
        if (!changes.some(({ isIntersecting }) => isIntersecting)) return;
        watch.disconnect();
        EXPLORERS[name](box, await load(`explore_${name}`), words);
        box.dataset.ready = "yes";
      }, { rootMargin: "400px" });
      watch.observe(box);
    }
  });
}
