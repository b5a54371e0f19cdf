// Keys of the search page: / goes to the words, ↓ and ↑ from hit to hit, Enter opens. All works without.
"use strict";
(() => {
  const words = document.querySelector("#words");
  const hits = [...document.querySelectorAll(".hit .subject")];
  const print = document.querySelector("#print");
  const typing = (element) => element.matches("input, select, textarea");

  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.code === "Slash" && !event.shiftKey && words && !typing(event.target)) {
      words.focus();
      words.select();
    } else if (step && hits.length && !typing(event.target)) {
      const now = hits.indexOf(document.activeElement);
      hits[Math.min(Math.max(now + step, 0), hits.length - 1)].focus();
    } else return;
    event.preventDefault();
  });
})();
