// Files dropped on the page are put into the form's own field; without this script the field works as it is.
"use strict";
(() => {
  const drop = document.getElementById("drop");
  const field = document.getElementById("files");
  const picked = document.getElementById("picked");
  const most = Number(drop.dataset.most) * 1024 * 1024;
  const tell = () => {
    const large = [...field.files].filter((one) => one.size > most).map((one) => one.name);
    picked.textContent = large.length ? picked.dataset.large + large.join(", ")
      : field.files.length ? picked.dataset.chosen.replace("{}", field.files.length) : "";
  };
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    field.files = event.dataTransfer.files;
    tell();
  });
  field.addEventListener("change", tell);
})();
