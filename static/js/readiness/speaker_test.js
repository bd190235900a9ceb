const NOTES = [392, 523.25, 659.25];
const NOTE_LASTS = 0.45;
const LOUDNESS = 0.25;

/**
 * Play three rising notes and ask whether they were heard.
 *
 * @param {import("./probe.js").ReadinessProbe} probe
 */
export async function testSpeaker(probe) {
  const audio = new AudioContext();
  await audio.resume();
  NOTES.forEach((pitch, index) => {
    playNote(audio, pitch, audio.currentTime + 0.05 + index * NOTE_LASTS);
  });
  probe.tell("Three rising notes are playing. Did you hear them?");
  const outcome = await askHeard(probe);
  await audio.close();
  if (outcome === "heard") {
    return { value: { outcome }, words: "Good, you can hear us." };
  }
  return {
    value: { outcome },
    words: "You did not hear the notes.",
    fix: "Turn the volume up, turn silent mode off, check that no headphones are connected, and play them again.",
  };
}

/**
 * @param {AudioContext} audio
 * @param {number} pitch
 * @param {number} at
 */
function playNote(audio, pitch, at) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.04);
  volume.gain.linearRampToValueAtTime(0, at + NOTE_LASTS);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + NOTE_LASTS);
}

/**
 * @param {import("./probe.js").ReadinessProbe} probe
 * @returns {Promise<string>}
 */
function askHeard(probe) {
  const panel = /** @type {HTMLElement} */ (probe.slot("heard"));
  panel.hidden = false;
  panel.querySelector("button")?.focus();
  return new Promise((resolve) => {
    panel.addEventListener("click", function chosen(event) {
      const button = event.target instanceof Element && event.target.closest("[data-heard]");
      if (button instanceof HTMLElement) {
        panel.removeEventListener("click", chosen);
        panel.hidden = true;
        resolve(button.dataset.heard ?? "unheard");
      }
    });
  });
}
