"use strict";
(function () {
  const PER_PAGE = 100;
  const table = document.getElementById("results"), body = table.tBodies[0], field = document.getElementById("search");
  const shown = document.getElementById("shown"), page = document.getElementById("page"), pages = document.getElementById("pages");
  const earlier = document.getElementById("earlier"), later = document.getElementById("later");
  const rows = Array.from(body.rows), texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  let found = rows, first = 0;
  document.getElementById("find").hidden = false;
  // Only a page of rows is in the table at a time: thousands are searched and sorted, not laid out.
  function show(all) {
    body.replaceChildren(...(all ? found : found.slice(first, first + PER_PAGE)));
    shown.textContent = shown.dataset.text.replace("{n}", found.length);
    const last = Math.max(Math.ceil(found.length / PER_PAGE), 1);
    page.textContent = page.dataset.text.replace("{page}", first / PER_PAGE + 1).replace("{pages}", last);
    pages.hidden = last === 1;
    earlier.disabled = first === 0;
    later.disabled = first + PER_PAGE >= found.length;
  }
  function filter() {
    const wanted = field.value.trim().toLowerCase();
    found = rows.filter(row => texts.get(row).includes(wanted));
    first = 0;
    show();
  }
  field.addEventListener("input", filter);
  earlier.addEventListener("click", function () { first -= PER_PAGE; show(); });
  later.addEventListener("click", function () { first += PER_PAGE; show(); });
  window.addEventListener("beforeprint", () => show(true));
  window.addEventListener("afterprint", () => show());
  table.querySelectorAll("thead th").forEach(function (head, column) {
    const button = head.querySelector("button");
    button.hidden = false;
    head.querySelector("span").hidden = true;
    button.addEventListener("click", function () {
      const up = head.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach(h => h.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = row => row.cells[column].dataset.key;
      const number = rows.every(row => key(row) === "" || !isNaN(key(row)));
      const order = new Intl.Collator().compare;
      rows.sort(function (a, b) {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === "");
        return (up ? 1 : -1) * (number ? x - y : order(x, y));
      });
      filter();
    });
  });
  filter();
})();
