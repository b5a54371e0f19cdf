// Ticks all letters of a page at once, and sets one verdict for all of them; without it each is ticked by hand.
"use strict";
document.documentElement.classList.add("scripted");
document.addEventListener("change", event => {
  const all = event.target.closest(".tick-all");
  if (!all) return;
  const rows = all.closest("form").querySelectorAll("tbody input[type=checkbox]");
  for (const one of rows) one.checked = all.checked;
});
