/**
 * Bundles static/js/entries/*.js and static/css/main.css into static/dist.
 *
 * File names carry a hash of their content, so they may be cached for ever. manifest.json tells the
 * templates which file an entry became, and its integrity. An entry is bundled whole, without
 * shared chunks, so that the integrity covers every byte that runs; a page loads one entry.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "static");
const dist = join(source, "dist");
const manifestPath = join(dist, "manifest.json");
const inputsPath = join(dist, ".inputs");

/** List the files under a folder, sorted; a folder that is missing holds none. */
async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
  return (await Promise.all(nested)).flat().sort();
}

/** Hash everything the bundles are made from: sources, this file and the locked packages. */
async function hashInputs() {
  const folders = await Promise.all(
    ["js", "css", "img", "fonts"].map((name) => filesUnder(join(source, name))),
  );
  const files = [
    ...folders.flat(),
    fileURLToPath(import.meta.url),
    join(root, "package-lock.json"),
  ];
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = await readFile(file);
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** Say whether the bundles of these inputs are already there. */
async function isFresh(inputs) {
  const known = await readFile(inputsPath, "utf8").catch(() => "");
  if (known !== inputs) return false;
  const manifest = await readFile(manifestPath, "utf8").catch(() => null);
  if (manifest === null) return false;
  const present = new Set(await readdir(dist));
  return Object.values(JSON.parse(manifest)).every(({ file }) => present.has(file));
}

/** List the entries: one module for each kind of page, one style sheet for all. */
async function entryPoints() {
  const modules = await filesUnder(join(source, "js", "entries"));
  const styles = await filesUnder(join(source, "css"));
  return [
    ...modules.filter((file) => file.endsWith(".js")),
    ...styles.filter((file) => file === join(source, "css", "main.css")),
  ];
}

/** Bundle the entries in memory. */
function bundle(entries) {
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: entries,
    external: ["/static/*"],
    outdir: dist,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    legalComments: "linked",
    loader: { ".svg": "file", ".png": "file", ".woff2": "file" },
    logLevel: "warning",
    metafile: true,
    minify: true,
    target: ["es2022", "chrome111", "edge111", "firefox115", "safari16.4"],
    write: false,
  });
}

/** Tell for each entry which file it became and what its content must hash to. */
function describe({ metafile, outputFiles }) {
  const contents = new Map(outputFiles.map((file) => [relative(root, file.path), file.contents]));
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const digest = createHash("sha384").update(contents.get(path)).digest("base64");
    manifest[basename(output.entryPoint)] = { file: basename(path), integrity: `sha384-${digest}` };
  }
  return manifest;
}

/** Write a file so that a reader sees the old or the new one, never half. */
async function writeWhole(path, content) {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, content);
  await rename(partial, path);
}

/** Write files first, manifest next, and only then remove what nobody names any more. */
async function publish(result, inputs) {
  await mkdir(dist, { recursive: true });
  for (const file of result.outputFiles) await writeWhole(file.path, file.contents);
  await writeWhole(manifestPath, `${JSON.stringify(describe(result), null, 2)}\n`);
  await writeWhole(inputsPath, inputs);
  const kept = new Set([...result.outputFiles.map((file) => file.path), manifestPath, inputsPath]);
  for (const file of await filesUnder(dist)) if (!kept.has(file)) await rm(file, { force: true });
}

const inputs = await hashInputs();
if (!(await isFresh(inputs))) {
  try {
    await publish(await bundle(await entryPoints()), inputs);
  } catch (error) {
    // esbuild has printed what it found, with file and line; anything else is ours to see whole.
    if (!error.errors) throw error;
    process.exitCode = 1;
  }
}
