// What the device itself can say about a pass, with nothing but what it keeps. The server decides;
// this is what the person in front of the desk is told at once.

// `seen`: handles read here before. `kind` is one of good, known, unsure, bad; `word` a key of the
// page's words.
export function judged(pass, data, seen, now) {
  const person = data.sign_ups.find((one) => one.handles.includes(pass.handle));
  const name = person?.name ?? "";
  const said = (kind, word) => ({ kind, word, name, isExpected: Boolean(person) });
  if (!pass.isGenuine) return { ...said("bad", "forged"), name: "" };
  if (pass.until <= now) return said("bad", "expired");
  if (seen.has(pass.handle) || person?.came) return said("known", "known");
  if (now < data.window.opens_at) return said("unsure", "early");
  if (now > data.window.closes_at) return said("unsure", "late");
  return said("good", person ? "read" : "readWithoutSignUp");
}
