// Improvements only: every page works without this file.
"use strict";

// A form or button with data-confirm asks first; without JavaScript the server's own
// confirmation page does.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // htmx sends this one itself
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A second press of the button sends nothing: hands shake, and networks are slow.
  if (form.method === "post" && !form.hasAttribute("data-repeatable")) {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    form.setAttribute("aria-busy", "true");
  }
});

// Pages come back from the browser's memory as they were left: make their forms usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// The folded menu closes on Escape and gives the focus back to its button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Where nobody is signed in, nothing of a person is left on the device: what stands under this name
// in the browser's own database is deleted.
for (const one of document.querySelectorAll("[data-forgets]")) {
  try {
    window.indexedDB?.deleteDatabase(one.dataset.forgets);
  } catch {
    // A browser that keeps nothing has nothing to delete.
  }
}
