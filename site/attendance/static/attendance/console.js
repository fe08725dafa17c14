// The counter of the check-in screen, kept up to date while somebody looks at it.
"use strict";

(function () {
  const section = document.getElementById("count");
  if (!section || !window.fetch) return;

  async function ask() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(section.dataset.address, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const heard = (await answer.text()).trim();
      if (section.innerHTML.trim() !== heard) section.innerHTML = heard;
    } catch {
      // The figures that stand there are of a moment ago, which their time says.
    }
  }

  setInterval(ask, 10000);
})();
