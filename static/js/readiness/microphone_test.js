import { fixFor, NOT_SECURE } from "../lib/readiness_fixes.js";
import { Ear, loudness } from "../lib/readiness_measures.js";

const LISTEN_FOR = 10_000;
const BETWEEN = 60;

/**
 * Open the microphone, show how loud it is, and wait for a voice.
 *
 * @param {import("./probe.js").ReadinessProbe} probe
 */
export async function testMicrophone(probe) {
  if (!navigator.mediaDevices) {
    return { value: { outcome: "none" }, words: "No microphone.", fix: NOT_SECURE };
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    return {
      value: { outcome: "none" },
      words: "No microphone.",
      fix: fixFor(error, "microphone"),
    };
  }
  const audio = new AudioContext();
  try {
    return await listen(stream, audio, probe);
  } finally {
    for (const track of stream.getTracks()) {
      track.stop();
    }
    await audio.close();
  }
}

/**
 * @param {MediaStream} stream
 * @param {AudioContext} audio
 * @param {import("./probe.js").ReadinessProbe} probe
 */
async function listen(stream, audio, probe) {
  await audio.resume();
  const analyser = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(analyser);
  probe.tell("Listening…");
  const panel = probe.slot("level");
  if (panel) {
    panel.hidden = false;
  }
  const wasHeard = await hears(analyser, /** @type {HTMLMeterElement} */ (probe.slot("meter")));
  if (panel) {
    panel.hidden = true;
  }
  if (wasHeard) {
    return { value: { outcome: "works" }, words: "We hear you." };
  }
  return {
    value: { outcome: "silent" },
    words: "We heard nothing.",
    fix: "Is the microphone muted, or is a headset connected that you do not wear? Speak up, and test again.",
  };
}

/**
 * @param {AnalyserNode} analyser
 * @param {HTMLMeterElement} meter
 */
async function hears(analyser, meter) {
  const ear = new Ear();
  const samples = new Float32Array(analyser.fftSize);
  for (let waited = 0; waited < LISTEN_FOR; waited += BETWEEN) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    analyser.getFloatTimeDomainData(samples);
    const level = loudness(samples);
    meter.value = Math.min(1, level * 4);
    if (ear.hear(level)) {
      return true;
    }
  }
  return false;
}
