// Passes and changing codes, as `attendance.codes` makes and reads them. No network, no page.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PASS = /^[A-Z2-7]{141}$/;
const PAYLOAD = 24;
const MAC_BYTES = 16;

export function base32(bytes) {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += LETTERS[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits ? text + LETTERS[(value << (5 - bits)) & 31] : text;
}

export function unbase32(text) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | LETTERS.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 255);
    }
    value &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function unbase64(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export const isVenueCode = (text) => /\/C\/[A-Z2-7]{20,100}\/?$/i.test(text);

// What a pass says, or null for a text that is no pass: {handle, until (ms), isGenuine}.
export async function readPass(text, keys) {
  if (!PASS.test(text)) return null;
  const raw = unbase32(text);
  const payload = raw.slice(0, PAYLOAD);
  const until = new DataView(payload.buffer).getUint32(20) * 1000;
  const jwk = keys.find((key) => Number(key.kid) === payload[0]);
  return { handle: hex(payload.slice(4, 20)), until, isGenuine: await verified(jwk, raw, payload) };
}

async function verified(jwk, raw, payload) {
  if (!jwk) return false;
  const { kty, crv, x, y } = jwk;
  const way = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, way, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw.slice(PAYLOAD), payload);
}

// The address that the changing code leads to at `now`, in milliseconds of the server's clock.
export async function changingCode(rotating, session, now) {
  const body = new Uint8Array(25);
  const view = new DataView(body.buffer);
  view.setUint8(0, rotating.kid);
  view.setUint8(1, rotating.municipality >> 16);
  view.setUint16(2, rotating.municipality & 0xffff);
  body.set(session.replace(/-/g, "").match(/../g).map((pair) => parseInt(pair, 16)), 4);
  view.setUint8(20, rotating.key_number);
  view.setUint32(21, Math.floor(now / 1000 / rotating.step_seconds));
  const way = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", unbase64(rotating.secret), way, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, body)).slice(0, MAC_BYTES);
  return rotating.address + base32([...body, ...mac]);
}
