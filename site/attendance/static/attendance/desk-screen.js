// What the desk shows. Words come from the page; colour never says anything that a word does not.
import { drawn } from "./qr.js";

const TONES = { good: [880, 0.12], known: [440, 0.3], unsure: [440, 0.3], bad: [220, 0.5] };
const SHAKES = { good: [80], known: [80, 80, 80], unsure: [80, 80, 80], bad: [400] };
const NOTICES = { good: "success", known: "warning", unsure: "warning", bad: "error" };
const SHOWN = 30;
const RESULT_MS = 15000; // afterwards it would be taken for the next person's

const TOKYO = { timeZone: "Asia/Tokyo" };
const language = document.documentElement.lang === "ja" ? "ja-JP-u-ca-japanese" : document.documentElement.lang;
const time = (ms) =>
  new Date(ms).toLocaleTimeString(language, { ...TOKYO, hour: "2-digit", minute: "2-digit" });
const date = (ms) => new Date(ms).toLocaleDateString(language, { ...TOKYO, dateStyle: "long" });

function paragraph(name, text) {
  const line = document.createElement("p");
  line.className = name;
  line.textContent = text;
  return line;
}

export class Screen {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(document.getElementById("desk-words").textContent);
    this.video = root.querySelector("video");
    this.isShowingCode = false;
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  say(name, text) {
    const part = this.part(name);
    if (part.textContent !== String(text)) part.textContent = text;
  }

  ready({ start, stop, read, sendNow, showCode }) {
    for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
    this.root.hidden = false;
    const on = (name, event, work) => this.part(name).addEventListener(event, work);
    on("start", "click", start);
    on("stop", "click", stop);
    on("send", "click", sendNow);
    on("reading-tab", "click", () => this.turn(false));
    on("code-tab", "click", () => {
      stop();
      this.turn(true);
      showCode();
    });
    on("typed", "submit", (event) => {
      event.preventDefault();
      const field = this.part("typed").elements.code;
      read(field.value);
      field.value = "";
    });
  }

  turn(isCode) {
    this.isShowingCode = isCode;
    this.part("reading").hidden = isCode;
    this.part("code").hidden = !isCode;
    this.part("reading-tab").setAttribute("aria-pressed", String(!isCode));
    this.part("code-tab").setAttribute("aria-pressed", String(isCode));
  }

  session({ device, session, day_code: digits }) {
    this.part("work").hidden = false;
    this.say("title", session.title);
    this.say("when", `${date(session.starts_at)} ${time(session.starts_at)}–${time(session.ends_at)} ${session.place}`);
    this.say("device", device.label);
    this.say("digits", digits);
    this.part("digits").parentElement.hidden = !digits;
  }

  camera(isOn, word = "") {
    this.part("view").hidden = !isOn;
    this.part("stop").hidden = !isOn;
    this.part("start").hidden = isOn;
    this.say("camera-says", this.words[word] ?? "");
  }

  // `seq` is the reading's number: two people one after the other are told apart by it.
  result({ kind, word, name, seq }) {
    clearTimeout(this.fading);
    this.fading = setTimeout(() => this.part("result").replaceChildren(), RESULT_MS);
    const part = this.part("result");
    part.className = `notice notice--${NOTICES[kind]} desk__result`;
    const lines = [this.words[word], name && this.words.name.replace("%(name)s", name)];
    const shown = lines.filter(Boolean).map((text, n) => paragraph(n ? "desk__name" : "desk__word", text));
    if (seq) shown.push(paragraph("card__meta", `${seq} ${time(Date.now())}`));
    part.replaceChildren(...shown);
    part.dataset.kind = kind;
    navigator.vibrate?.(SHAKES[kind]);
    if (this.part("sound").checked) this.tone(...TONES[kind]);
  }

  tone(pitch, seconds) {
    const sound = (this.sound ??= new AudioContext());
    const from = new OscillatorNode(sound, { frequency: pitch });
    from.connect(sound.destination);
    from.start();
    from.stop(sound.currentTime + seconds);
  }

  count(count, heardAt) {
    for (const name of ["signed_up", "came", "without_sign_up", "to_review"]) this.say(name, count[name]);
    if (heardAt) this.say("counted-at", this.words.countedAt.replace("%(time)s", time(heardAt)));
  }

  code(address, left) {
    if (this.shown !== address) {
      this.shown = address;
      this.part("qr").replaceChildren(drawn(address, this.words.codeLabel));
      this.part("qr").dataset.code = address;
    }
    this.say("left", Math.ceil(left / 1000));
  }

  // `why` is a word: offline, notTaken; "" where all is well.
  trouble(why) {
    this.part("trouble").hidden = !why;
    this.say("trouble-says", this.words[why] ?? "");
  }

  ended(why) {
    this.isEnded = Boolean(why);
    this.root.hidden = false;
    this.part("ended").hidden = !why;
    this.say("ended-says", this.words[why] ?? "");
    if (why) this.part("work").hidden = true;
  }

  queue({ waiting, others, past, nameOf, sent, sentAt }) {
    this.say("waiting", waiting.length);
    this.say("sent", sent);
    this.say("sent-at", sentAt ? time(sentAt) : "–");
    this.part("others").hidden = !others;
    this.say("others-count", others);
    this.part("send").hidden = !waiting.length;
    const lines = [
      ...[...waiting].reverse().map((scan) => [scan, this.words.toBeSent]),
      ...past.map((scan) => [scan, scan.sentence]),
    ];
    this.part("list").replaceChildren(...lines.slice(0, SHOWN).map(([scan, state]) => {
      const line = document.createElement("li");
      line.textContent = [time(scan.at), `${scan.seq}`, nameOf(scan), state].filter(Boolean).join(" ");
      return line;
    }));
  }
}
