// What every page has: menus that close by themselves, and the command box (/ or Ctrl-K). Everything in it
// is a link that the page has anyway, or the search; without this script the menus and the search work as they are.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const menus = () => all("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  // On a telephone a row is a card: each cell says which column it is of. The inbox's say it themselves.
  function label(within) {
    for (const table of all("table.list:not(.inbox)", within)) {
      const heads = all("thead th", table).map((head) => (head.querySelector(".unseen, input") ? "" : head.textContent.trim()));
      for (const row of all("tbody tr", table)) {
        let column = 0;
        for (const cell of row.cells) {
          if (heads[column] && cell.colSpan === 1 && cell.textContent.trim()) cell.dataset.label = heads[column];
          column += cell.colSpan;
        }
      }
    }
  }
  label(document);
  document.addEventListener("htmx:afterSwap", () => label(document));

  const box = document.getElementById("command");
  if (!box) return;
  const form = box.querySelector("form");
  const field = form.elements.q;
  const list = document.getElementById("command-list");
  const plain = (text) => text.replace(/[\u0E50-\u0E59]/g, (figure) => "๐๑๒๓๔๕๖๗๘๙".indexOf(figure)).trim();
  const deeds = () => [...all("#doors nav a"), ...all("a[data-deed]", box)]
    .map((link) => ({ words: link.firstChild.textContent.trim(), address: link.getAttribute("href") }));
  let offered = 0;

  function searchFor(words) {
    const asked = new URLSearchParams({ q: words });
    for (const chip of all("[data-chip][aria-pressed=true]", box)) {
      for (const [name, value] of new URLSearchParams(chip.dataset.chip)) asked.set(name, value);
    }
    return `/search?${asked}`;
  }

  function show(choices) {
    list.replaceChildren(...choices.map((one, place) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      item.role = "presentation";
      link.role = "option";
      link.id = `command-${place}`;
      link.href = one.address;
      link.textContent = one.words;
      link.ariaSelected = String(place === 0);
      item.append(link);
      return item;
    }));
    if (choices.length) field.setAttribute("aria-activedescendant", "command-0");
    else field.removeAttribute("aria-activedescendant");
  }

  function choices(words, completions = []) {
    const number = /^(\d{1,7})(?:\s*\/\s*(\d{2,4}))?$/.exec(plain(words));
    const found = [];
    if (number) {
      const year = number[2] ? (number[2].length === 2 ? `25${number[2]}` : number[2]) : box.dataset.year;
      const name = `${number[1]}/${year}`;
      found.push({ words: box.dataset.open.replace("{}", name), address: `/letters/${name}` });
    }
    found.push(...deeds().filter((one) => !words || one.words.includes(words)));
    const wanted = words || all("[data-chip][aria-pressed=true]", box).length;
    if (wanted) found.push({ words: box.dataset.search.replace("{}", words), address: searchFor(words) });
    found.push(...completions.map((one) => ({ words: one, address: searchFor(one) })));
    return found.slice(0, 12);
  }

  async function offer() {
    const words = field.value.trim();
    const turn = ++offered;
    show(choices(words));
    if (words.length < 2) return;
    const answer = await fetch(`/search/complete?q=${encodeURIComponent(words)}`);
    if (!answer.ok || turn !== offered) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    show(choices(words, all("option", read).map((one) => one.value)));
  }

  function open() {
    if (box.open) return;
    for (const menu of menus()) menu.open = false;
    box.showModal();
    field.select();
    offer();
  }
  function move(by) {
    const links = all("a", list);
    if (!links.length) return;
    const now = links.findIndex((one) => one.ariaSelected === "true");
    const next = (now + by + links.length) % links.length;
    links.forEach((one, place) => { one.ariaSelected = String(place === next); });
    field.setAttribute("aria-activedescendant", links[next].id);
    links[next].scrollIntoView({ block: "nearest" });
  }

  field.addEventListener("input", offer);
  field.addEventListener("keydown", (event) => {
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      event.preventDefault();
      move(event.code === "ArrowDown" ? 1 : -1);
    }
  });
  form.addEventListener("submit", (event) => {
    const chosen = list.querySelector("a[aria-selected=true]");
    event.preventDefault();
    location.assign(chosen ? chosen.href : searchFor(field.value.trim()));
  });
  box.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    if (chip) {
      chip.ariaPressed = String(chip.ariaPressed !== "true");
      field.focus();
      offer();
    } else if (event.target === box) box.close();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
    const called = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.code === "KeyK";
    const slash = event.code === "Slash" && event.key !== "?" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.code === "Escape") for (const menu of menus()) menu.open = false;
    // On the search page itself, / goes to its words (search.js).
    const free = !typing && !document.querySelector("dialog[open], #words");
    if (!called && !(slash && free)) return;
    event.preventDefault();
    open();
  });
})();
