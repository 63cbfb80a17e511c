// The reader's choice of light or dark mode. Loaded before the style sheet, so that no page is painted
// in the wrong colours; kept in this browser only. Without this file the device's own setting rules.
(() => {
  "use strict";
  const KEY = "theme";
  const root = document.documentElement;
  const metas = [...document.querySelectorAll('meta[name="theme-color"]')];
  const [light, dark] = metas.map((meta) => meta.content);
  let choice = stored();

  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return value === "light" || value === "dark" ? value : "system";
    } catch {
      return "system"; // storage is forbidden: the choice holds for this page only
    }
  }

  function keep(value) {
    try {
      if (value === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, value);
    } catch {
      // see stored()
    }
  }

  function apply(value) {
    choice = value;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    if (metas.length === 2) {
      metas[0].content = choice === "dark" ? dark : light;
      metas[1].content = choice === "light" ? light : dark;
    }
    for (const radio of document.querySelectorAll("[data-theme-control] input")) {
      radio.checked = radio.value === choice;
    }
  }

  root.classList.add("has-script");
  if ("themeFixed" in root.dataset) return; // a preview shows one mode, whatever this browser remembers
  apply(choice);

  document.addEventListener("DOMContentLoaded", () => {
    for (const control of document.querySelectorAll("[data-theme-control]")) {
      control.addEventListener("change", (event) => {
        keep(event.target.value);
        apply(event.target.value);
      });
      control.hidden = false;
    }
    apply(choice);
  });
  // Another tab chose; or the browser brought back this page, or what stood in its fields.
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) apply(stored());
  });
  addEventListener("pageshow", () => apply(stored()));
})();
