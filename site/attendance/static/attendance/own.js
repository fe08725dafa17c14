// A resident's own phone: keeps what it read without a network and sends it later, and keeps the
// pass for its 72 hours. Of the person it keeps nothing but the pass and an opaque mark by which
// two people who share a phone are told apart.
//
// The mark lies with the pass, in a database that signing out deletes (themes/js/app.js). What is
// read afterwards has no mark and is sent only when somebody says that it is theirs.
import { answered, keepTrying, openQueue, Refused, send, waiting } from "./queue.js";
import { get, open, put, within } from "./store.js";

const section = document.getElementById("own");
const { scans: address, pass: passAddress, codesWorker, passWorker } = section.dataset;
const part = (name) => section.querySelector(`[data-part="${name}"]`);
const own = (name) => document.querySelector(`[data-own="${name}"]`);
const SHOWN_MS = 7 * 24 * 3600 * 1000;
const TOKEN = /\/c\/([A-Z2-7]{20,100})\/?$/i;

let db;
let who = null;
let csrf = "";

// Opened for each use: nothing of ours stands in the way of deleting it.
async function withPass(work) {
  const passes = await open("pass", { kept: "" });
  try {
    return await work(passes);
  } finally {
    passes.close();
  }
}

const forgetPass = () => indexedDB.deleteDatabase("pass");
const markOf = () => withPass((passes) => get(passes, "kept", "who"));

async function access() {
  const answer = await fetch(address, { cache: "no-store", redirect: "error" });
  if (answer.status === 401) {
    who = null;
    forgetPass();
    part("signed-out").hidden = false;
  }
  if (!answer.ok) throw new Refused(answer.status);
  const heard = await answer.json();
  part("signed-out").hidden = true;
  csrf = heard.csrf;
  if (who !== heard.who) {
    who = heard.who;
    await withPass((passes) => within(passes, ["kept"], "readwrite", (kept) => {
      // Another person's pass has no place beside this mark.
      kept.clear();
      kept.put(who, "who");
    }));
  }
  return csrf;
}

async function work() {
  // Nothing to send and nothing to ask for: most pages, most of the time.
  const isIdle = who && !own("shown-pass") && !own("pass")?.hidden;
  if (isIdle && !(await waiting(db)).length) return true;
  try {
    await access();
    if (own("shown-pass")) await keepPass();
    // In place of a pass that is none: now there is a network. One that holds stays where it is.
    if (own("pass")?.hidden) setTimeout(() => location.reload(), 1000);
    await send(db, address, (anew) => (anew ? access() : csrf), (scan) => scan.who === who);
    return true;
  } catch (error) {
    return error instanceof Refused && error.status === 401; // until somebody signs in
  } finally {
    await list();
  }
}

// The page behind a venue's code did not come: the code is in its address.
async function keepReading() {
  const found = TOKEN.exec(location.pathname);
  if (!found) {
    own("digits").hidden = false;
    return;
  }
  const code = found[1].toUpperCase();
  try {
    if (!(await waiting(db)).some((scan) => scan.code === code)) {
      const scan = { uuid: crypto.randomUUID(), seq: null, at: Date.now(), code, who: who ?? null };
      await put(db, "scans", scan);
    }
    own("saved").hidden = false;
  } catch {
    own("not-kept").hidden = false;
  }
}

async function keepPass() {
  const answer = await fetch(passAddress, { cache: "no-store", redirect: "error" });
  if (!answer.ok) return;
  const { svg, valid_until: until } = await answer.json();
  await withPass((passes) => put(passes, "kept", { svg, until }, "pass"));
  document.documentElement.dataset.passKept = "yes";
}

async function showPass() {
  const pass = await withPass((passes) => get(passes, "kept", "pass"));
  if (!pass) {
    own("none").hidden = false;
  } else if (pass.until <= Date.now()) {
    await withPass((passes) => within(passes, ["kept"], "readwrite", (kept) => kept.delete("pass")));
    own("over").hidden = false;
  } else {
    const picture = new DOMParser().parseFromString(pass.svg, "image/svg+xml").documentElement;
    own("code").replaceChildren(document.importNode(picture, true));
    own("until").textContent = moment(pass.until);
    own("pass").hidden = false;
    setTimeout(() => location.reload(), Math.min(pass.until - Date.now() + 1000, 2 ** 31 - 1));
  }
}

const { lang } = document.documentElement;
const language = lang === "ja" ? "ja-JP-u-ca-japanese" : lang;
const moment = (ms) => new Date(ms).toLocaleString(language, {
  dateStyle: "long", timeStyle: "short", timeZone: "Asia/Tokyo",
});

async function list() {
  const queue = await waiting(db);
  const past = (await answered(db)).filter((scan) => scan.who === who && scan.answeredAt > Date.now() - SHOWN_MS);
  const unsure = queue.filter((scan) => scan.who !== who);
  const { waits, unsure: unsureSays } = part("list").dataset;
  const lines = [
    ...queue.map((scan) => [scan, scan.who === who ? waits : unsureSays]),
    ...past.map((scan) => [scan, scan.sentence]),
  ];
  part("list").replaceChildren(...lines.map(([scan, says]) => {
    const line = document.createElement("li");
    line.textContent = `${moment(scan.at)} ${says}`;
    return line;
  }));
  part("unsure").hidden = !unsure.length || !who;
  section.hidden = !lines.length;
}

async function takeAsMine() {
  const unsure = (await waiting(db)).filter((scan) => scan.who !== who);
  await within(db, ["scans"], "readwrite", (scans) => unsure.forEach((scan) => scans.put({ ...scan, who })));
}

// A poster's address names no language: what is kept for it is in that of the last page that did.
async function languageForCodes() {
  if (/^\/c\//i.test(location.pathname)) return (await get(db, "kept", "language")) ?? lang;
  await put(db, "kept", lang, "language");
  return lang;
}

async function keepPages() {
  // A poster's address is in capitals, which the place of a worker tells from small letters.
  const plain = codesWorker.slice(codesWorker.indexOf("/c/"));
  const codes = `${plain}?language=${await languageForCodes()}`;
  const workers = [codes, codes.replace("/c/", "/C/"), passWorker];
  if (codesWorker !== plain) workers.push(codesWorker);
  for (const worker of workers) navigator.serviceWorker?.register(worker).catch(() => null);
}

async function begin() {
  db = await openQueue("own");
  await keepPages().catch(() => null);
  who = (await markOf()) ?? null;
  if (own("saved")) await keepReading();
  if (own("pass")) await showPass();
  await list();
  const now = keepTrying(work);
  part("mine").addEventListener("click", async () => {
    await takeAsMine();
    now();
  });
  now();
}

begin().catch(() => own("not-kept") && (own("not-kept").hidden = false));
