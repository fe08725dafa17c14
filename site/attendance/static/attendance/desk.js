// The desk: reads passes, shows the changing code, sends what it read. Everything it needs is kept
// on the device after one visit; see docs/parts/desk.md.
import { makeDetector, watch } from "./camera.js";
import { changingCode, isVenueCode, readPass } from "./codes.js";
import { Screen } from "./desk-screen.js";
import { judged } from "./judging.js";
import { addNumbered, answered, figures, keepTrying, openQueue, Refused, send, waiting } from "./queue.js";
import { get, remove, within } from "./store.js";

const COUNT_MS = 10000;
const DATA_MS = 300000;
const SAME_CODE_MS = 4000; // a pass held on in front of the camera is one reading
const ENDED = [401, 402, 403, 404, 410];

const root = document.getElementById("desk");
const screen = new Screen(root);
const { dataset } = root;

let db;
let data = null; // of the server, as it was last heard
let csrf = "";
let stopCamera = null;
let detector = null;
const inView = new Map(); // codes that the camera sees, and when it saw them last

// The server's clock by what it said last; the device's own may show anything.
const serverNow = () => Date.now() + (data?.offset ?? 0);
const isMine = (scan) => scan.source === data?.device.id;

// The session is told once and kept, with names and keys, until it is over or the device has ended.
async function refresh() {
  const asked = Date.now();
  const answer = await fetch(dataset.data, { cache: "no-store", redirect: "error" });
  if (answer.status === 410) csrf = (await answer.json()).csrf;
  if (ENDED.includes(answer.status)) {
    await forget(answer.status === 410 ? "gone" : "ended");
    return;
  }
  if (!answer.ok) throw new Refused(answer.status);
  const heard = await answer.json();
  csrf = heard.csrf;
  delete heard.csrf;
  heard.offset = heard.now - (asked + Date.now()) / 2;
  await keep(heard);
  screen.ended("");
}

const keep = async (heard) => {
  data = heard;
  // Who it is stays known when the rest is forgotten: what waits can still be sent and counted.
  await within(db, ["kept"], "readwrite", (kept) => {
    kept.put(heard, "data");
    kept.put(heard.device.id, "device");
  });
  screen.session(heard);
  screen.count(heard.count);
};

async function forget(why) {
  await remove(db, "kept", "data");
  const device = await get(db, "kept", "device");
  data = null;
  stop();
  screen.ended(why);
  if (why === "gone" && device) await sendAs(device);
  await list();
}

async function access(anew) {
  if (anew || !csrf) await refresh();
  if (!csrf) throw new Refused(401);
  return csrf;
}

async function sendAs(device) {
  try {
    const sent = await send(db, dataset.scans, access, (scan) => scan.source === device);
    if (sent) poll();
    screen.trouble("");
    return true;
  } catch (error) {
    const hasEnded = error instanceof Refused && [401, 402].includes(error.status);
    if (hasEnded) await forget("ended");
    else screen.trouble(error instanceof Refused ? "notTaken" : "offline");
    return hasEnded; // trying again brings nothing
  } finally {
    await list();
  }
}

async function work() {
  if (!data && !csrf) await refresh().catch(() => screen.trouble("offline"));
  const device = data?.device.id ?? (csrf && (await get(db, "kept", "device")));
  return device ? sendAs(device) : true;
}

async function list() {
  const [queue, past, sums] = [await waiting(db), await answered(db), await figures(db)];
  const nameOf = (scan) =>
    data?.sign_ups.find((one) => one.handles.includes(scan.handle))?.name ?? "";
  screen.queue({
    waiting: data ? queue.filter(isMine) : queue,
    others: data ? queue.filter((scan) => !isMine(scan)).length : 0,
    past,
    nameOf,
    ...sums,
  });
}

// The camera sees the same codes many times a second, two phones beside each other too.
async function seen(text) {
  const now = performance.now();
  for (const [code, at] of inView) if (now - at > SAME_CODE_MS) inView.delete(code);
  const isNew = !inView.has(text);
  inView.set(text, now);
  if (isNew && !(await read(text))) inView.delete(text);
}

// One reading: kept on the disk first, said afterwards. False where it could not be kept.
async function read(text) {
  const code = text.trim().toUpperCase();
  const at = Date.now();
  if (!data) return false;
  const pass = await readPass(code, data.pass_keys).catch(() => null);
  if (!pass) {
    screen.result({ kind: "bad", word: isVenueCode(code) ? "venueCode" : "noPass", name: "" });
    return true;
  }
  const before = new Set([...(await waiting(db)).filter(isMine), ...(await answered(db)).filter(isMine)]
    .filter((scan) => scan.counts).map((scan) => scan.handle));
  const verdict = judged(pass, data, before, serverNow());
  const counts = verdict.kind !== "bad";
  let kept;
  try {
    kept = await addNumbered(db, data.device.id, {
      uuid: crypto.randomUUID(), at, code, handle: pass.handle, word: verdict.word, counts,
    });
  } catch {
    screen.result({ kind: "bad", word: "notKept", name: "" });
    return false;
  }
  screen.result({ ...verdict, seq: kept.seq });
  await list();
  trySending();
  return true;
}

async function start() {
  detector ??= makeDetector(dataset.wasm);
  try {
    stopCamera = await watch(screen.video, detector, seen);
    screen.camera(true);
    navigator.wakeLock?.request("screen").catch(() => null);
  } catch {
    screen.camera(false, "noCamera");
  }
}

function stop() {
  stopCamera?.();
  stopCamera = null;
  screen.camera(false);
}

async function showCode() {
  if (!data || !screen.isShowingCode) return;
  const now = serverNow();
  const step = data.rotating.step_seconds * 1000;
  screen.code(await changingCode(data.rotating, data.session.uuid, now), step - (now % step));
}

async function poll() {
  if (!data || document.visibilityState !== "visible") return;
  const answer = await fetch(dataset.count, { cache: "no-store", redirect: "error" }).catch(() => null);
  if (!answer) screen.trouble("offline");
  else if (answer.ok) screen.count(await answer.json(), Date.now());
  else if (ENDED.includes(answer.status)) await refresh().catch(() => null);
}

let trySending = () => null;

async function begin() {
  db = await openQueue("desk");
  navigator.storage?.persist?.().catch(() => null);
  navigator.serviceWorker?.register(dataset.worker).catch(() => null);
  const kept = await get(db, "kept", "data");
  if (kept) {
    data = kept;
    screen.session(data);
    screen.count(data.count);
    // A device that has lost its session keeps no names, with a network or without.
    if (serverNow() > data.window.sending_until) await forget("ended");
  }
  screen.ready({ start, stop, read, sendNow: () => trySending(), showCode });
  detector = makeDetector(dataset.wasm);
  await list();
  await refresh().catch(() => screen.trouble("offline"));
  if (!data && !screen.isEnded) screen.ended("noData");
  trySending = keepTrying(work);
  trySending();
  setInterval(poll, COUNT_MS);
  setInterval(() => data && refresh().catch(() => null), DATA_MS);
  setInterval(showCode, 1000);
  root.dataset.ready = "yes";
}

begin().catch(() => screen.ended("noStore"));
