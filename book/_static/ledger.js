// Filters the claims of the ledger. Without it the whole table stands there.
"use strict";

for (const ledger of document.querySelectorAll(".ledger")) {
  const form = ledger.querySelector("form");
  if (!form) continue;
  const rows = [...ledger.querySelectorAll("tbody > tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());

  const matches = (row, text) => {
    const { seed, verdict } = form.elements;
    const words = form.elements.text.value.toLowerCase().split(/\s+/);
    return (!seed.value || row.dataset.seeds.split(" ").includes(seed.value))
      && (!verdict.value || row.dataset.verdict === verdict.value)
      && words.every((word) => text.includes(word));
  };

  const filter = () => {
    rows.forEach((row, i) => { row.hidden = !matches(row, texts[i]); });
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").value = `${shown} of ${rows.length} claims shown`;
  };

  // A link to a row must lead to a row that can be seen.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.hidden) return;
    form.reset();
    filter();
    target.scrollIntoView();
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  form.hidden = false;
  filter();
  reveal();
}
