const scenarios = [...document.querySelectorAll(".scenario")];
const buttons = [...document.querySelectorAll("nav button")];
const search = document.querySelector("nav input");
let show = "all";
function apply() {
  const part = search.value.trim().toLowerCase();
  let shown = 0;
  for (const one of scenarios) {
    const fits = (show === "all" || one.dataset.state === show)
      && one.querySelector("summary").textContent.toLowerCase().includes(part);
    one.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector(".scenario:not([hidden])");
  }
  document.querySelector("#nothing").hidden = shown > 0;
}
for (const button of buttons) {
  button.addEventListener("click", () => {
    show = button.dataset.show;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    apply();
  });
}
search.addEventListener("input", apply);
