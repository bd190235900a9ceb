/** The colours as promised: the dark roles are the same chosen or automatic, and every pair can be read in every theme. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");

/** Tones whose ink stands on their own wash, on surface and on page. */
const TEXT_PAIRS = [
  ...["ink", "ink-soft", "accent", "ok", "review", "stop", "info"].flatMap((ink) =>
    ["page", "surface", "sunk"].map((ground) => [ink, ground]),
  ),
  ...["ok", "review", "stop", "info"].flatMap((tone) => [
    [tone, `${tone}-wash`],
    ["ink", `${tone}-wash`],
  ]),
  ["ink", "own"],
  ["ink-soft", "own"],
  ["accent", "accent-wash"],
  ["ink", "accent-wash"],
  ["ink-soft", "accent-wash"],
  ["on-accent", "accent-solid"],
  ["on-accent", "accent-hover"],
  ["on-stop", "stop-solid"],
  ["on-stop", "stop-hover"],
];

/** Borders of controls, the focus ring and signs: at least 3 to 1. */
const SIGN_PAIRS = ["line-strong", "focus", "ember"].flatMap((sign) =>
  ["page", "surface"].map((ground) => [sign, ground]),
);

/** The declarations of the rule whose selector ends with `selector`, by role. */
function roles(selector) {
  const start = css.indexOf(`${selector} {`);
  assert.notEqual(start, -1, `no rule for ${selector}`);
  const body = css.slice(start, css.indexOf("}", start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, role, value]) => [role, value]),
  );
}

/** Relative luminance as WCAG defines it. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("the automatic dark theme is the chosen one", () => {
  assert.deepEqual(roles(':root[data-theme="auto"]'), roles(':root[data-theme="dark"]'));
});

for (const theme of ["light", "dark", "calm"]) {
  for (const [pairs, least] of [
    [TEXT_PAIRS, 4.5],
    [SIGN_PAIRS, 3],
  ]) {
    test(`every pair of the ${theme} theme has a contrast of at least ${least}`, () => {
      const colours = roles(`:root[data-theme="${theme}"]`);
      const weak = pairs
        .map(([ink, ground]) => [ink, ground, contrast(colours.get(ink), colours.get(ground))])
        .filter(([, , ratio]) => ratio < least)
        .map(([ink, ground, ratio]) => `${ink} on ${ground}: ${ratio.toFixed(2)}`);
      assert.deepEqual(weak, []);
    });
  }
}
