// Days: buttons that fill a field in, and a month to choose from. Every field can be typed without it.
(() => {
  "use strict";
  const isThai = document.documentElement.lang === "th";
  const locale = isThai ? "th-TH-u-ca-buddhist-nu-thai" : "en-GB";
  const iso = (day) =>
    [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const part = (day, options, type) =>
    new Intl.DateTimeFormat(locale, options).formatToParts(day).find((one) => one.type === type).value;
  const inWords = (day) => {
    if (!isThai) return iso(day);
    const month = part(day, { day: "numeric", month: "short", year: "numeric" }, "month");
    const year = part(day, { year: "numeric" }, "year");
    return `${part(day, { day: "numeric" }, "day")} ${month} ${year}`;
  };

  function fill(input, text) {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  }

  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  let dialog = null;

  function show(input, first, words) {
    const year = part(first, { year: "numeric" }, "year");
    const month = part(first, { month: "long", day: "numeric" }, "month");
    const turn = (months) => {
      const button = make("button", months < 0 ? "‹" : "›", "plain");
      button.type = "button";
      button.setAttribute("aria-label", months < 0 ? words.back : words.on);
      button.addEventListener("click", () =>
        show(input, new Date(first.getFullYear(), first.getMonth() + months, 1), words));
      return button;
    };
    const head = make("p", "", "calendar-head");
    head.append(turn(-1), make("strong", `${month} ${year}`), turn(1));
    const grid = make("div", "", "calendar-days");
    for (let weekday = 0; weekday < 7; weekday++) {
      // 7 January 2024 was a Sunday.
      grid.append(make("span", part(new Date(2024, 0, 7 + weekday), { weekday: "narrow" }, "weekday")));
    }
    for (let blank = first.getDay(); blank > 0; blank--) grid.append(make("span", ""));
    const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
    for (let number = 1; number <= last; number++) {
      const day = new Date(first.getFullYear(), first.getMonth(), number);
      const button = make("button", part(day, { day: "numeric" }, "day"), "plain");
      button.type = "button";
      button.setAttribute("aria-label", inWords(day));
      if (iso(day) === words.calendar) button.setAttribute("aria-current", "date");
      if (inWords(day) === input.value.trim()) button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        dialog.close();
        fill(input, inWords(day));
      });
      grid.append(button);
    }
    dialog.replaceChildren(head, grid);
    (dialog.querySelector("[aria-pressed], [aria-current]") || grid.querySelector("button")).focus();
  }

  function open(input, words) {
    if (!dialog) {
      dialog = make("dialog", "", "calendar");
      document.body.append(dialog);
      dialog.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
        const days = [...dialog.querySelectorAll(".calendar-days button")];
        const here = days.indexOf(document.activeElement);
        if (!step || here < 0) return;
        days[Math.max(0, Math.min(days.length - 1, here + step))].focus();
        event.preventDefault();
      });
    }
    dialog.showModal();
    const [year, month] = words.calendar.split("-").map(Number);
    show(input, new Date(year, month - 1, 1), words);
  }

  for (const tools of document.querySelectorAll(".day-tools")) tools.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".day-tools button");
    if (!button) return;
    event.preventDefault(); // a label around it would move the focus
    const input = button.closest(".day").querySelector("input");
    if (button.dataset.day) fill(input, button.dataset.day);
    else open(input, button.dataset);
  });
})();
