import { fixFor, NOT_SECURE } from "../lib/readiness_fixes.js";
import { brightness, isVisible } from "../lib/readiness_measures.js";

const LOOKS = 12;
const BETWEEN = 250;
const PICTURE_STAYS = 6000;
const WIDTH = 64;
const HEIGHT = 48;

/**
 * Open the camera, show its picture, and look whether it is light enough to see somebody.
 *
 * @param {import("./probe.js").ReadinessProbe} probe
 */
export async function testCamera(probe) {
  if (!navigator.mediaDevices) {
    return { value: { outcome: "none" }, words: "No picture.", fix: NOT_SECURE };
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
    return await lookAt(stream, probe);
  } catch (error) {
    return { value: { outcome: "none" }, words: "No picture.", fix: fixFor(error, "camera") };
  }
}

/**
 * @param {MediaStream} stream
 * @param {import("./probe.js").ReadinessProbe} probe
 */
async function lookAt(stream, probe) {
  const video = /** @type {HTMLVideoElement} */ (probe.slot("picture"));
  video.srcObject = stream;
  video.hidden = false;
  setTimeout(() => close(video, stream), LOOKS * BETWEEN + PICTURE_STAYS);
  await video.play();
  if (await isSeen(video)) {
    return {
      value: { outcome: "works" },
      words: "We see you. Make sure your face and chest are in the picture.",
    };
  }
  return {
    value: { outcome: "dark" },
    words: "The picture is very dark.",
    fix: "Turn on a light in front of you, or wipe the lens and take off its cover. Then test again.",
  };
}

/** @param {HTMLVideoElement} video */
async function isSeen(video) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let look = 0; context && look < LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    if (isVisible(brightness(context.getImageData(0, 0, WIDTH, HEIGHT).data))) {
      return true;
    }
  }
  return false;
}

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 */
function close(video, stream) {
  for (const track of stream.getTracks()) {
    track.stop();
  }
  if (video.srcObject === stream) {
    video.srcObject = null;
    video.hidden = true;
  }
}
