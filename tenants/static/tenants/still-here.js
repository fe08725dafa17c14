// While somebody types or clicks, the server is told every few minutes, so that a long text does
// not end in a session that is over. Before the time is over, a warning.
"use strict";

(function () {
  var words = document.getElementById("still-here");
  if (!words || !window.fetch) return;
  var idle = Number(words.dataset.idleMinutes) * 60000;
  var warning = Math.min(120000, idle / 4);
  var every = Math.min(240000, idle / 4);
  var told = Date.now();

  // Over whatever is there, also where one has scrolled to.
  words.style.position = "fixed";
  words.style.insetInline = words.style.insetBlockStart = "0";
  words.style.zIndex = "1000";
  words.style.padding = "1rem";
  words.style.background = "#fff";
  words.style.color = "#1a1a1a";
  words.style.borderBlockEnd = "4px solid #b45309";

  function tell() {
    told = Date.now();
    words.hidden = true;
    fetch(words.dataset.url, { credentials: "same-origin", redirect: "manual" });
  }

  function noticed() {
    if (Date.now() - told > every && words.hidden) tell();
  }

  ["keydown", "pointerdown", "input"].forEach(function (name) {
    document.addEventListener(name, noticed, { capture: true, passive: true });
  });
  words.querySelector("button").addEventListener("click", tell);
  window.setInterval(function () {
    if (Date.now() - told > idle - warning) words.hidden = false;
  }, 5000);
})();
