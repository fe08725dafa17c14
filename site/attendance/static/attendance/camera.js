// The camera, and the detector of our own host: the same in every browser, and without a network.
import { BarcodeDetector, setZXingModuleOverrides } from "./vendor/ponyfill.js";

const PAUSE_MS = 120;

// `wasm` is the detector's address; making it begins to load.
export function makeDetector(wasm) {
  setZXingModuleOverrides({ locateFile: () => wasm });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

// Shows the camera in `video` and calls `found(text)` for what it sees, until the returned function
// is called. Throws what `getUserMedia` throws.
export async function watch(video, detector, found) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  await video.play();
  let goesOn = true;
  (async () => {
    while (goesOn) {
      try {
        for (const code of await detector.detect(video)) if (goesOn) await found(code.rawValue);
      } catch {
        // A frame that cannot be read is no reason to stop looking.
      }
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  })();
  return () => {
    goesOn = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
