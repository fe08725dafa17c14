// A QR code as SVG, drawn in the browser. `text` in capitals, so that it takes the small mode.
import { qrcode } from "./vendor/qrcode.mjs";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white on every side

export function drawn(text, label) {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let y = 0; y < count; y += 1) {
    for (let x = 0; x < count; x += 1) {
      if (code.isDark(y, x)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  const side = count + 2 * QUIET;
  const picture = made("svg", { viewBox: `0 0 ${side} ${side}`, class: "qr", role: "img" });
  picture.setAttribute("aria-label", label);
  picture.setAttribute("shape-rendering", "crispEdges");
  picture.append(made("path", { fill: "#fff", d: `M0 0h${side}v${side}H0z` }));
  picture.append(made("path", { fill: "#000", d: path }));
  return picture;
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
