// The desk by keyboard. Everything here can be done without it: it only presses the page's own buttons.
// Keys are told by their place (event.code), so that they work with the Thai layout on as well.
(() => {
  "use strict";
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (element) =>
    element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
  const digitOf = (event) => {
    const match = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    return match && !event.shiftKey ? (Number(match[1]) + 9) % 10 : -1; // 1 is the first, 0 the tenth
  };

  // --- the list -------------------------------------------------------------------------------
  const rows = () => all("table.inbox tr[data-number]");
  const PLACE = "saraban-place";
  let ticked = new Set();

  function choose(place) {
    const list = rows();
    if (!list.length) return;
    const kept = Math.max(0, Math.min(place, list.length - 1));
    list.forEach((row, index) => row.classList.toggle("chosen", index === kept));
    sessionStorage.setItem(PLACE, String(kept));
    list[kept].scrollIntoView({ block: "nearest" });
  }
  // The link gets the focus too, so that a screen reader says where one is.
  function go(to) {
    choose(to);
    one("tr.chosen a.subject")?.focus({ preventScroll: true });
    lookAt(one("tr.chosen"));
  }

  // The first page beside the list: only of a letter that somebody chose and stays at, for it is a look at it.
  const beside = one("[data-look]");
  let soon = 0;
  function lookAt(row) {
    clearTimeout(soon);
    if (!beside || !row || !matchMedia("(min-width: 75rem)").matches) return;
    soon = setTimeout(() => {
      beside.hidden = false;
      one("img", beside).src = `/letters/${row.dataset.number}/pages/1.jpg`;
      one("figcaption", beside).textContent = one("a.subject", row)?.textContent || "";
    }, 250);
  }
  const place = () => Math.max(0, rows().findIndex((row) => row.classList.contains("chosen")));

  const isThai = document.documentElement.lang === "th";
  const inWords = (number) => isThai ? String(number).replace(/\d/g, (figure) => "๐๑๒๓๔๕๖๗๘๙"[figure]) : String(number);

  function showTicks() {
    for (const box of all("table.inbox input[name=number]")) box.checked = ticked.has(box.value);
    const count = one("[data-ticked]");
    if (count) count.textContent = ticked.size ? count.dataset.ticked.replace("{}", inWords(ticked.size)) : "";
  }

  function routeRow(row, group) {
    const form = one("#route-one");
    const code = all("#group-keys li")[group];
    if (!form || !code) return;
    form.action = `/letters/${row.dataset.number}/route`;
    form.elements.group.value = code.dataset.group;
    form.elements.revision.value = row.dataset.revision;
    form.requestSubmit();
  }

  function onList(event) {
    const row = rows()[place()];
    const digit = digitOf(event);
    if (event.code === "KeyJ" || event.code === "ArrowDown") go(place() + 1);
    else if (event.code === "KeyK" || event.code === "ArrowUp") go(place() - 1);
    else if (event.code === "Enter" && row && !event.target.closest("a, button")) one("a.subject", row).click();
    else if (event.code === "KeyX" && row) one("input[name=number]", row)?.click();
    else if (event.code === "KeyT" && row) one("[data-next]", row)?.click();
    else if (one("[data-group-desk]")) return false; // a group reviews nothing and routes nothing
    else if (event.code === "KeyR") location.assign(row && "doubt" in row.dataset ? `/review/${row.dataset.number}` : "/review");
    else if (digit >= 0 && row) routeRow(row, digit);
    else return false;
    return true;
  }

  if (one("#desk")) {
    choose(Number(sessionStorage.getItem(PLACE) || 0));
    document.addEventListener("change", (event) => {
      if (event.target.name !== "number") return;
      if (event.target.checked) ticked.add(event.target.value);
      else ticked.delete(event.target.value);
      showTicks();
    });
    document.addEventListener("click", (event) => {
      const row = event.target.closest("table.inbox tr[data-number]");
      if (row && !event.target.closest("a, button, input")) go(rows().indexOf(row));
    });
    let number = "";
    document.addEventListener("htmx:beforeSwap", () => { number = rows()[place()]?.dataset.number; });
    document.addEventListener("htmx:afterSettle", () => {
      const found = rows().findIndex((row) => row.dataset.number === number);
      choose(found >= 0 ? found : Number(sessionStorage.getItem(PLACE) || 0));
      showTicks();
    });
    ticked = new Set(all("table.inbox input[name=number]:checked").map((box) => box.value));
    showTicks();
  }

  // --- the review -----------------------------------------------------------------------------
  const questions = one("[data-questions]");
  const answer = (section) =>
    one("input[type=radio]:checked, input:not([type=radio]):not([type=hidden]), select, textarea", section) ||
    one("input", section);

  // Typing replaces what was read, but completes a number whose end was left to the pen.
  function enter(field) {
    field.focus();
    if (!field.select) return;
    if (/[/ว]\s*$/.test(field.value)) field.setSelectionRange(field.value.length, field.value.length);
    else field.select();
  }

  // ↓ puts the next candidate into the field, ↑ the one before, above the first what was read.
  function offer(section, step) {
    const list = one("[data-candidates]", section), field = answer(section);
    if (!list || field.matches("select")) return false;
    list.dataset.read ??= field.value;
    const values = [list.dataset.read, ...all("[data-value]", list).map((button) => button.dataset.value)];
    const place = Math.max(0, values.indexOf(field.value));
    put(section, values[Math.max(0, Math.min(values.length - 1, place + step))]);
    return true;
  }

  function put(section, value) {
    const field = answer(section);
    field.value = value;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (const button of all("[data-value]", section)) button.setAttribute("aria-pressed", String(button.dataset.value === value));
  }

  // What was hardly read is not taken unseen: typed over, or said to be as in the picture.
  function goOn(section) {
    const sure = one("[data-sure] input", section);
    if (sure && !sure.checked && answer(section).value === sure.value) {
      sure.closest("label").classList.add("problem");
      sure.focus();
      return;
    }
    section.classList.add("seen");
    const list = all("[data-question]", questions);
    const next = list[list.indexOf(section) + 1];
    if (!next) {
      questions.requestSubmit();
      return;
    }
    enter(answer(next));
  }

  if (questions) {
    // The browser may not have heeded autofocus yet; what it would focus is entered here.
    const first = one("[autofocus]", questions) || document.activeElement;
    if (first && questions.contains(first)) enter(first);
    questions.addEventListener("keydown", (event) => {
      const section = event.target.closest("[data-question]");
      if (!section || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.code === "Enter" || event.code === "NumpadEnter") {
        if (event.shiftKey || event.target.matches("a, button")) return;
        event.preventDefault();
        goOn(section);
        return;
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
      if (step && event.target === answer(section) && offer(section, step)) {
        event.preventDefault();
        return;
      }
      const group = one("[data-groups]", section) && all("input[type=radio]", section)[digitOf(event)];
      if (group) {
        event.preventDefault();
        group.checked = true;
        group.focus();
        group.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    questions.addEventListener("click", (event) => {
      const button = event.target.closest("[data-value]");
      if (button) put(button.closest("[data-question]"), button.dataset.value);
    });
    questions.addEventListener("change", (event) => {
      const name = one("[data-group-name]");
      if (event.target.type === "radio" && name) {
        name.textContent = one("span", event.target.closest("label")).firstChild.textContent.trim();
      }
    });
  }

  const viewer = one("[data-viewer]"); // its own keys are in viewer.js

  function onLetter(event) {
    const digit = digitOf(event);
    const group = all("[data-route] [data-group]")[digit];
    if (event.code === "Escape" && one("[data-route]")) location.assign("/");
    else if (group && digit >= 0) group.form.requestSubmit(group);
    else return false;
    return true;
  }

  // --- for all ----------------------------------------------------------------------------------
  const keys = one("#keys");
  for (const button of all("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => keys.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (typing(event.target) || one("dialog[open]")) return;
    let done = true;
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) keys?.showModal();
    else if (event.code === "KeyU") one("[data-undo]")?.requestSubmit();
    else if (one("#desk")) done = onList(event);
    else if (viewer) done = onLetter(event);
    else done = false;
    if (done) event.preventDefault();
  });
  document.documentElement.dataset.keys = "ready";
})();
