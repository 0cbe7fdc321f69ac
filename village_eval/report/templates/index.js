"use strict";
(function () {
  const table = document.getElementById("results"), body = table.tBodies[0], field = document.getElementById("search");
  const shown = document.getElementById("shown"), rows = Array.from(body.rows);
  document.getElementById("find").hidden = false;
  function filter() {
    const wanted = field.value.trim().toLowerCase();
    let n = 0;
    for (const row of rows) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      n += row.hidden ? 0 : 1;
    }
    shown.textContent = shown.dataset.text.replace("{n}", n);
  }
  field.addEventListener("input", filter);
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
      rows.sort(function (a, b) {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === "");
        return (up ? 1 : -1) * (number ? x - y : x.localeCompare(y));
      });
      rows.forEach(row => body.appendChild(row));
    });
  });
  filter();
})();
