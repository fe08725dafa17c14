// Keeps a few named pages and their files for places without a network. KEEPS is written in front
// of this file by the view that serves it: {name, version, keptFirst, pages: [{path, shell}], assets}.
//
// Nothing else of the host is ever kept: what is fetched for keeping is fetched without cookies,
// and no answer to a request of a page is written to the cache.
"use strict";

const scope = new URL(self.registration.scope).pathname;
const prefix = `${KEEPS.name} ${scope} `;
const here = prefix + KEEPS.version;
const PATIENCE_MS = 10000;
const NOT_ANSWERED = [502, 503, 504]; // a server or a database that is out of order

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function fill() {
  const cache = await caches.open(here);
  const addresses = [...KEEPS.assets, ...new Set(KEEPS.pages.map((page) => page.shell))];
  await Promise.all(addresses.map(async (address) => {
    const answer = await fetch(new Request(address, { cache: "reload", credentials: "omit" }));
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
    await cache.put(address, answer);
  }));
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== here) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const page = KEEPS.pages.find((one) => new RegExp(one.path).test(address.pathname));
    if (!page) return;
    if (KEEPS.keptFirst && request.method === "GET") event.respondWith(kept(page.shell, request));
    else event.respondWith(network(request, page.shell));
  } else if (request.method === "GET" && KEEPS.assets.includes(address.pathname)) {
    if (KEEPS.keptFirst) event.respondWith(kept(address.pathname, request));
    else event.respondWith(network(request, address.pathname));
  }
});

async function kept(address, request) {
  const cache = await caches.open(here);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

// A network that answers nothing is none, and so is a server that cannot do its work. A form is
// waited for as long as the browser does: it may have arrived.
async function network(request, address) {
  const ends = new AbortController();
  const timer = request.method === "GET" && setTimeout(() => ends.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: ends.signal });
    return NOT_ANSWERED.includes(answer.status) ? (await inPlace(address)) ?? answer : answer;
  } catch (error) {
    const answer = await inPlace(address);
    if (!answer) throw error;
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

const inPlace = async (address) => (await caches.open(here)).match(address, { ignoreVary: true });
