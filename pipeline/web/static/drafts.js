// What was typed when a session ended: kept in this tab until its writer is back, and filled in again, unsaved.
// It lies in sessionStorage only between leaving a page and the next one; it is nobody else's to read.
(() => {
  "use strict";
  const KEPT = "saraban-typed";
  const MOST_CHARACTERS = 200000;
  const { person, typedAgain } = document.body.dataset;
  const OURS = 'form[method="post"]:not([action="/login"]):not([action="/logout"]):not([action="/password"])';
  const forms = () => [...document.querySelectorAll(OURS)].filter((form) => form.enctype !== "multipart/form-data");
  // Several small forms of a page go to one address; what they are about tells them apart.
  const nameOf = (form) => {
    const about = form.querySelector('input[type=hidden][name="field"]');
    // Not form.action: a button of that name stands in its place.
    return `${new URL(form.getAttribute("action") || "", location.href).pathname} ${about ? about.value : ""}`;
  };
  const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches("input:not([type=hidden]), select, textarea"));
  const isTicked = (one) => one.type === "checkbox" || one.type === "radio";
  const isChanged = (one) => {
    if (isTicked(one)) return one.checked !== one.defaultChecked;
    if (one.matches("select")) return ![...one.options].every((option) => option.selected === option.defaultSelected) && one.selectedIndex > 0;
    return one.value !== one.defaultValue;
  };
  let leavesForGood = false;

  function keep() {
    if (leavesForGood || !person) return;
    const typed = forms()
      .filter((form) => fieldsOf(form).some(isChanged) || form.querySelector('[aria-invalid]'))
      .map((form) => [nameOf(form), fieldsOf(form).map((one) => [one.name, one.value, isTicked(one) ? one.checked : null])]);
    const text = JSON.stringify({ person, typed, lost: false });
    if (typed.length && text.length < MOST_CHARACTERS) sessionStorage.setItem(KEPT, text);
  }

  function fillAgain(form, fields) {
    for (const [name, value, ticked] of fields) {
      const there = fieldsOf(form).filter((one) => one.name === name);
      if (ticked === null) for (const one of there) one.value = value;
      else for (const one of there) if (one.value === value) one.checked = ticked;
    }
    for (let outer = form.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    const said = document.createElement("p");
    said.className = "notice";
    said.setAttribute("role", "status");
    said.textContent = typedAgain;
    form.prepend(said);
    said.scrollIntoView({ block: "center" });
  }

  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (kept && !person) {
    // The page of the log-in: the session had ended when the form was sent.
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, lost: true }));
  } else if (kept) {
    sessionStorage.removeItem(KEPT);
    if (kept.lost && kept.person === person) {
      for (const [name, fields] of kept.typed) {
        const form = forms().find((one) => nameOf(one) === name);
        if (form) fillAgain(form, fields);
      }
    }
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/logout") leavesForGood = true;
  });
  addEventListener("pagehide", keep);
})();
