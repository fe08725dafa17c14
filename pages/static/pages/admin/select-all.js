// Sending a page to be translated: one tick takes all languages.
"use strict";

document.querySelector("[name=select_all]")?.addEventListener("change", (event) => {
  for (const language of document.querySelectorAll("[name=locales]")) {
    language.checked = event.target.checked;
  }
});
