// Before a phone becomes the device of another session: what it has not sent yet goes first, as it
// can be sent by the device that read it only.
import { openQueue, waiting } from "./queue.js";

const notice = document.getElementById("unsent");

openQueue("desk").then(async (db) => {
  const count = (await waiting(db)).length;
  notice.querySelector("[data-count]").textContent = count;
  notice.hidden = !count;
  db.close();
}).catch(() => null);
