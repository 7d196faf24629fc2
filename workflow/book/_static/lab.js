// The book's additions to its theme.
const WIDE = ".wide, .scrolling, div.highlight pre, div.math, div.math mjx-container, .pst-scrollable-table-container";

// Figures keep a legible size, and scroll if the screen is too narrow.
const frame = (image) => {
  const box = document.createElement("div");
  box.className = "scrolling";
  image.replaceWith(box);
  box.append(image);
};

// A formula is a box, and a browser may break the line on either side of it: keep the stop after it there.
const STOPS = /^[，。；：、！？）,.;:!?)]+/;
const keep = (formula) => {
  const after = formula.nextSibling;
  const stops = after?.nodeType === Node.TEXT_NODE && after.data.match(STOPS);
  if (!stops) return;
  after.splitText(stops[0].length);
  const whole = document.createElement("span");
  whole.className = "unbroken";
  formula.before(whole);
  whole.append(formula, after);
};

// A short piece of code is not broken: "--" at the end of a line reads as a dash, not as the start of an option.
const join = (code) => code.classList.toggle("unbroken", code.textContent.length <= 16);

// A long name breaks after a dot or an underscore, not within a word or before the stop after it.
const LONG = 30;
const soften = (code) => {
  const name = code.textContent.trim();
  const short = code.matches("code") ? name.length <= LONG : /\s/.test(name); // of headings, only names
  if (short || code.closest("pre")) return;
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const text of found) {
    const parts = text.data.split(/(?<=[._])(?=\w)/);
    text.replaceWith(...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
  }
};

// The keyboard reaches elements that scroll, and skips others. If scroll bars are hidden until used,
// a shadow shows that there is more.
const mark = (box) => {
  const hidden = box.scrollWidth - box.clientWidth;
  if (hidden > 1) box.tabIndex = 0;
  else if (!box.matches("mjx-container")) box.removeAttribute("tabindex"); // formulas have a menu
  box.classList.toggle("scrolls", hidden > 1);
  box.classList.toggle("more", box.scrollLeft < hidden - 1);
};
const markAll = () => document.querySelectorAll(WIDE).forEach(mark);

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".bd-article figure > img").forEach(frame);
  document.querySelectorAll(".bd-article span.math").forEach(keep);
  document.querySelectorAll(".bd-article :is(p, li) > code").forEach(join);
  document.querySelectorAll(".bd-article :is(code, h1, h2, h3)").forEach(soften);
  markAll();
  const observer = new ResizeObserver(markAll);
  document.querySelectorAll(".bd-article").forEach((article) => observer.observe(article));
  document.addEventListener("scroll", ({ target }) => target.matches?.(WIDE) && mark(target), true);
});

// Print is white, and unfolds everything that is folded on the screen, except in claims.
const root = document.documentElement;
let before;
window.addEventListener("beforeprint", () => {
  const folded = [...document.querySelectorAll("details:not([open], .claim *)")];
  before = { theme: root.dataset.theme, folded };
  root.dataset.theme = "light";
  for (const details of folded) details.open = true;
});
window.addEventListener("afterprint", () => {
  root.dataset.theme = before.theme;
  for (const details of before.folded) details.open = false;
});
