// What the book adds to its theme.
const WIDE = ".wide, .scrolling, div.highlight pre, div.math, .pst-scrollable-table-container";

// A figure keeps a size at which it can be read; where the screen is too narrow, it scrolls.
const frame = (image) => {
  const box = document.createElement("div");
  box.className = "scrolling";
  image.replaceWith(box);
  box.append(image);
};

// What scrolls is reached by the keyboard, and what does not is no stop on its way.
const markScrolling = () => {
  for (const box of document.querySelectorAll(WIDE)) {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.tabIndex = scrolls ? 0 : -1;
    if (!scrolls) box.removeAttribute("tabindex");
  }
};

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".bd-article figure > img").forEach(frame);
  markScrolling();
  const observer = new ResizeObserver(markScrolling);
  document.querySelectorAll(".bd-article").forEach((article) => observer.observe(article));
});

// Paper is white, and shows what is folded on the screen.
const root = document.documentElement;
let before;
window.addEventListener("beforeprint", () => {
  const folded = [...document.querySelectorAll("details:not([open])")];
  before = { theme: root.dataset.theme, folded };
  root.dataset.theme = "light";
  for (const details of folded) details.open = true;
});
window.addEventListener("afterprint", () => {
  root.dataset.theme = before.theme;
  for (const details of before.folded) details.open = false;
});
