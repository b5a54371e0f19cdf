// The pages of a letter: fetched when they are looked at, zoomed, turned, dragged, searched. For the eye only:
// nothing here changes anything. Without it each page has a link to its picture.
"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const viewer = one("[data-viewer]");
  if (!viewer) return;
  const frame = one(".pages-of", viewer);
  const figures = all(".scan", frame);
  const strip = one("[data-strip]", viewer);
  let zoom = 100;
  let turns = 0;
  let page = 0; // the one in sight, from 0

  // --- a page's picture comes when it is near ----------------------------------------------------
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      const image = one("image[data-href]", target);
      if (image) {
        image.setAttribute("href", image.dataset.href);
        delete image.dataset.href;
      }
      near.unobserve(target);
    }
  }, { rootMargin: "400px 0px" });
  const inSight = new IntersectionObserver(() => {
    const middle = innerHeight / 3;
    const found = figures.findIndex((figure) => figure.getBoundingClientRect().bottom > middle);
    if (found >= 0 && found !== page) mark(found);
  }, { threshold: [0, 0.25, 0.5, 0.75, 1] });
  figures.forEach((figure) => { near.observe(figure); inSight.observe(figure); });

  function mark(place) {
    page = place;
    if (!strip) return;
    all("a", strip).forEach((link, at) => {
      if (at === place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const now = one("[aria-current]", strip);
    if (now) strip.scrollLeft = now.offsetLeft - strip.clientWidth / 2;
  }
  function goTo(place) {
    const kept = Math.max(0, Math.min(place, figures.length - 1));
    figures[kept].scrollIntoView({ block: "start" });
    mark(kept);
  }

  // --- zoom and turning ----------------------------------------------------------------------------
  function look() {
    for (const svg of all(".scan svg", frame)) {
      const [width, height] = (svg.dataset.size ||= `${svg.viewBox.baseVal.width} ${svg.viewBox.baseVal.height}`).split(" ").map(Number);
      const upright = turns % 2 === 0;
      svg.setAttribute("viewBox", upright ? `0 0 ${width} ${height}` : `0 0 ${height} ${width}`);
      const shift = ["", `translate(${height} 0)`, `translate(${width} ${height})`, `translate(0 ${width})`][turns];
      one(".paper", svg).setAttribute("transform", `${shift} rotate(${turns * 90})`);
      svg.style.width = `${zoom}%`;
    }
  }
  function zoomTo(wanted, at) {
    const before = zoom;
    zoom = Math.round(Math.max(50, Math.min(400, wanted)));
    if (zoom === before) return;
    const edge = frame.getBoundingClientRect();
    const x = (at ? at.x : edge.left + edge.width / 2) - edge.left;
    const inside = (frame.scrollLeft + x) * (zoom / before);
    look();
    frame.scrollLeft = inside - x; // what was under the hand stays under it
  }
  const deeds = {
    in: () => zoomTo(zoom + 25),
    out: () => zoomTo(zoom - 25),
    fit: () => { zoomTo(100); frame.scrollLeft = 0; },
    turn: () => { turns = (turns + 1) % 4; look(); },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : viewer.requestFullscreen?.()),
    find: () => one("[data-find] input", viewer)?.focus(),
    next: () => goTo(page + 1),
    before: () => goTo(page - 1),
  };
  const KEYS = {
    Equal: "in", NumpadAdd: "in", Minus: "out", NumpadSubtract: "out", KeyW: "fit", KeyR: "turn", KeyF: "find",
    PageDown: "next", PageUp: "before", KeyG: "full",
  };
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // a wheel alone scrolls the page as everywhere
    event.preventDefault();
    zoomTo(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15), { x: event.clientX, y: event.clientY });
  }, { passive: false });

  // --- dragging with the mouse, pinching with two fingers ------------------------------------------
  const fingers = new Map();
  let spread = 0;
  frame.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) spread = apart();
    if (event.pointerType === "mouse" && event.button === 0 && zoom > 100) {
      frame.setPointerCapture(event.pointerId);
      frame.classList.add("held");
      event.preventDefault();
    }
  });
  function apart() {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  }
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      zoomTo(zoom * (apart() / (spread || 1)), { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
      spread = apart();
    } else if (frame.classList.contains("held")) {
      frame.scrollLeft -= event.clientX - before.clientX;
      const up = before.clientY - event.clientY;
      if (frame.scrollHeight > frame.clientHeight) frame.scrollTop += up;
      else scrollBy(0, up);
    }
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    frame.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      frame.classList.remove("held");
    });
  }

  // --- finding words on the pages --------------------------------------------------------------------
  const search = one("[data-find]", viewer);
  const SVG = "http://www.w3.org/2000/svg";
  let found = [];
  let at = -1;
  function forget() {
    all(".found", frame).forEach((rect) => rect.remove());
    found = [];
    at = -1;
  }
  async function find(words) {
    forget();
    const told = one("output", search);
    told.textContent = "";
    if (!words) return;
    const answer = await fetch(`${search.getAttribute("action")}?q=${encodeURIComponent(words)}`);
    if (!answer.ok) return;
    for (const hit of (await answer.json()).hits) {
      const svg = one(`#page-${hit.page} svg`);
      if (!svg) continue;
      const [width, height] = (svg.dataset.size || `${svg.viewBox.baseVal.width} ${svg.viewBox.baseVal.height}`).split(" ").map(Number);
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", "found");
      rect.setAttribute("x", hit.left * width);
      rect.setAttribute("y", hit.top * height);
      rect.setAttribute("width", (hit.right - hit.left) * width);
      rect.setAttribute("height", (hit.bottom - hit.top) * height);
      one(".paper", svg).append(rect);
      found.push(rect);
    }
    told.textContent = found.length ? told.dataset.found.replace("{}", found.length) : told.dataset.none;
    step();
  }
  function step() {
    if (!found.length) return;
    found[at]?.classList.remove("now");
    at = (at + 1) % found.length;
    found[at].classList.add("now");
    found[at].scrollIntoView({ block: "center", inline: "center" });
  }
  let asked = "";
  search?.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = search.elements.q.value.trim();
    if (words === asked && found.length) step();
    else find(asked = words);
  });

  // Words that stand beside the page lead to their place on it.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-words]");
    if (!button || !search) return;
    search.elements.q.value = button.dataset.words;
    find(asked = button.dataset.words);
  });

  one(".tools", viewer).hidden = false;
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) deeds[button.dataset.do]();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) return;
    const deed = KEYS[event.code];
    if (!deed || one("dialog[open]")) return;
    event.preventDefault();
    deeds[deed]();
  });
})();
