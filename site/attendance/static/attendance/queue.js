// Readings that wait to be sent. A reading leaves the queue only when the server has answered for
// exactly its uuid, in the same transaction that keeps the answer.
import { all, get, open, within } from "./store.js";

const STORES = { scans: "uuid", answered: "uuid", kept: "" };
const MOST = 200; // of the server: readings in one request
const REMEMBERED = 300; // answers that the device still shows
const FIRST_PAUSE_MS = 4000;
const LONGEST_PAUSE_MS = 300000;

export const openQueue = (name) => open(name, STORES);

// Number and reading in one transaction: neither is ever there without the other.
export function addNumbered(db, source, scan) {
  return within(db, ["scans", "kept"], "readwrite", (scans, kept) => {
    const key = `number ${source}`;
    const asked = kept.get(key);
    asked.onsuccess = () => {
      scan.seq = (asked.result ?? 0) + 1;
      kept.put(scan.seq, key);
      scans.add({ ...scan, source });
    };
  }).then(() => scan);
}

export const waiting = async (db) =>
  (await all(db, "scans")).sort((one, other) => one.at - other.at || one.seq - other.seq);

export const answered = async (db) =>
  (await all(db, "answered")).sort((one, other) => other.at - one.at);

// Sends what `mine` picks out, batch after batch. `access()` gives the token of the session, or
// throws a `Refused`. Two open pages do not send at once.
export async function send(db, address, access, mine) {
  const work = () => sendAll(db, address, access, mine);
  return navigator.locks ? navigator.locks.request(`send ${db.name}`, work) : work();
}

export class Refused extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

async function sendAll(db, address, access, mine) {
  let sent = 0;
  for (;;) {
    const batch = (await waiting(db)).filter(mine).slice(0, MOST);
    if (!batch.length) return sent;
    let answer = await post(address, await access(false), batch);
    if (answer.status === 403) answer = await post(address, await access(true), batch);
    if (!answer.ok) throw new Refused(answer.status);
    const gone = await settle(db, batch, (await answer.json()).answers);
    if (!gone) throw new Error("nothing was answered");
    sent += gone;
  }
}

const post = (address, csrf, batch) =>
  fetch(address, {
    method: "POST",
    redirect: "error",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({
      now: Date.now(),
      scans: batch.map(({ uuid, seq, at, code }) => ({ uuid, seq, at, code })),
    }),
  });

async function settle(db, batch, answers) {
  const of = new Map(answers.map((answer) => [answer.uuid, answer]));
  const done = batch.filter((scan) => of.has(scan.uuid));
  await within(db, ["scans", "answered", "kept"], "readwrite", (scans, past, kept) => {
    for (const scan of done) {
      const { code, ...rest } = scan; // the pass itself is kept no longer than it must be
      past.put({ ...rest, ...of.get(scan.uuid), answeredAt: Date.now() });
      scans.delete(scan.uuid);
    }
    const count = kept.get("sent");
    count.onsuccess = () => {
      kept.put((count.result ?? 0) + done.length, "sent");
      kept.put(Date.now(), "sentAt");
    };
  });
  await prune(db);
  return done.length;
}

async function prune(db) {
  const old = (await answered(db)).slice(REMEMBERED);
  if (old.length) {
    await within(db, ["answered"], "readwrite", (past) => old.forEach((one) => past.delete(one.uuid)));
  }
}

export const figures = async (db) => ({
  sent: (await get(db, "kept", "sent")) ?? 0,
  sentAt: (await get(db, "kept", "sentAt")) ?? null,
});

// Calls `work` now, when the network comes back, when the page is looked at again, and after
// pauses that grow while it fails. Returns a function that calls it at once.
export function keepTrying(work) {
  let pause = FIRST_PAUSE_MS;
  let timer;
  let busy = false;
  let again = false;
  async function now() {
    if (busy) {
      again = true;
      return;
    }
    clearTimeout(timer);
    busy = true;
    const isDone = await work().catch(() => false);
    busy = false;
    pause = isDone ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    if (again) {
      again = false;
      timer = setTimeout(now, 0);
    } else if (!isDone) {
      timer = setTimeout(now, pause * (0.75 + Math.random() / 2));
    }
  }
  function fresh() {
    pause = FIRST_PAUSE_MS;
    now();
  }
  addEventListener("online", fresh);
  addEventListener("pageshow", fresh);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && fresh());
  return fresh;
}
