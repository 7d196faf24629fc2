// Filter the page of all claims by verdict and text.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.choose");
  const choose = () => {
    const wanted = form.querySelector("#wanted").value.toLowerCase();
    const verdict = form.elements.verdict.value;
    for (const claim of document.querySelectorAll(".claim")) {
      const right = !verdict || claim.classList.contains(verdict);
      claim.hidden = !(right && claim.textContent.toLowerCase().includes(wanted));
    }
    for (const section of document.querySelectorAll("section section")) {
      section.hidden = !section.querySelector(".claim:not([hidden])");
    }
  };
  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
});
