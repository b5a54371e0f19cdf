// Files dropped on the page are put into the form's own field; without this script the field works as it is.
// Pages that are photographed become one PDF, in their order. Nothing is kept on the device: what waits for
// the net waits in the open page, which says so.
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

  // --- pages from the camera --------------------------------------------------------------------
  const camera = document.getElementById("camera");
  const shots = document.getElementById("shots");
  const LONGEST = 3508; // pixels: A4 at 300 dpi; more says nothing more about a letter
  const pages = [];

  // Drawn anew: turned as the telephone was held, and without what else it writes into a picture.
  async function flat(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    return { canvas, width: canvas.width, height: canvas.height, bytes: new Uint8Array(await jpeg.arrayBuffer()) };
  }

  // A PDF whose pages are these JPEGs as they are, as high as A4 is or as wide when they lie (ISO 32000, 8.9.5).
  function pdfOf(all) {
    const text = new TextEncoder();
    const parts = [];
    const places = [];
    let size = 0;
    const put = (piece) => {
      const bytes = typeof piece === "string" ? text.encode(piece) : piece;
      parts.push(bytes);
      size += bytes.length;
    };
    const begin = () => { places.push(size); put(`${places.length} 0 obj\n`); };
    put("%PDF-1.4\n");
    begin();
    put("<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    begin();
    put(`<</Type/Pages/Count ${all.length}/Kids[${all.map((_, place) => `${3 + 3 * place} 0 R`).join(" ")}]>>\nendobj\n`);
    for (const one of all) {
      const scale = 842 / Math.max(one.width, one.height);
      const [width, height] = [one.width * scale, one.height * scale].map((side) => side.toFixed(2));
      const drawn = `q ${width} 0 0 ${height} 0 0 cm /P Do Q`;
      const number = places.length + 1;
      begin();
      put(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents ${number + 1} 0 R/Resources<</XObject<</P ${number + 2} 0 R>>>>>>\nendobj\n`);
      begin();
      put(`<</Length ${drawn.length}>>stream\n${drawn}\nendstream\nendobj\n`);
      begin();
      put(`<</Type/XObject/Subtype/Image/Width ${one.width}/Height ${one.height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${one.bytes.length}>>stream\n`);
      put(one.bytes);
      put("\nendstream\nendobj\n");
    }
    const table = size;
    put(`xref\n0 ${places.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`);
    put(`trailer\n<</Size ${places.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`);
    return new Blob(parts, { type: "application/pdf" });
  }

  function show() {
    const files = new DataTransfer();
    if (pages.length) {
      const now = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
      files.items.add(new File([pdfOf(pages)], `photo-${now}.pdf`, { type: "application/pdf" }));
    }
    field.files = files.files;
    tell();
    shots.replaceChildren(...pages.map((one, place) => {
      const item = document.createElement("li");
      const small = document.createElement("canvas");
      const name = shots.dataset.page.replace("{}", place + 1);
      small.height = 120;
      small.width = Math.max(1, Math.round(120 * one.width / one.height));
      small.getContext("2d").drawImage(one.canvas, 0, 0, small.width, small.height);
      const away = document.createElement("button");
      away.type = "button";
      away.className = "plain";
      away.textContent = shots.dataset.away;
      away.setAttribute("aria-label", `${shots.dataset.away} ${name}`);
      away.addEventListener("click", () => { pages.splice(place, 1); show(); });
      item.append(small, name, away);
      return item;
    }));
  }
  camera.addEventListener("change", async () => {
    for (const file of [...camera.files]) pages.push(await flat(file));
    camera.value = ""; // the same button takes the next page
    show();
  });

  // --- without the net ----------------------------------------------------------------------------
  const form = field.form;
  const waits = document.getElementById("waits");
  let waiting = false;
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    waiting = true;
    waits.hidden = false;
  });
  addEventListener("online", () => {
    if (!waiting) return;
    waiting = false;
    form.requestSubmit();
  });
  addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
})();
