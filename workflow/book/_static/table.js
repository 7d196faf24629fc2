// The table of a page: sorted, filtered and paged by DataTables.

// Show six digits; sorting and the CSV file use full precision.
const render = (value, type) =>
  type === "display" && typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(6)))
    : value;

const unpack = (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
};

document.addEventListener("DOMContentLoaded", async () => {
  const { default: DataTable } = await window.dataTables;
  const { columns, rows, language } = await unpack(document.getElementById("rows").textContent);
  new DataTable("#table", {
    columns: columns.map((title) => ({ title, render })),
    data: rows,
    deferRender: true,
    language,
    order: [],
    pageLength: 25,
  });
  document.getElementById("table").dataset.ready = "yes";
});

// DataTables marks dark mode by a class, the theme by an attribute.
const page = document.documentElement;
const follow = () => page.classList.toggle("dark", page.dataset.theme === "dark");
new MutationObserver(follow).observe(page, { attributeFilter: ["data-theme"] });
follow();

// A button must also react to the space bar; DataTables reacts only to Enter.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches(".dt-column-order")) return;
  event.preventDefault();
  event.target.click();
});
