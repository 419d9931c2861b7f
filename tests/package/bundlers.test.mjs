// The packed file in fresh projects: Vite, webpack, esbuild, plain modules and Node build it, load it and get the same values from it.

import assert from "node:assert/strict";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { copy, fixture, launch, outcome, project, run, serve, tool } from "./support.mjs";

const require = createRequire(tool("package.json"));

const EXPECTED = {
  view: "0200",
  refused: [true, "invalid-request"],
  displayName: "Adele Vance",
  zone: { iana: "Asia/Tokyo", windows: "Tokyo Standard Time", offsetMinutes: 540 },
};

const page = (script) => `<!doctype html><meta charset="utf-8"><title>A project</title><body><script type="module" src="${script}"></script>`;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function check(t, directory, headers) {
  const { url, asked } = await serve(t, directory, headers);
  const { problems, ...result } = await outcome(browser, url);
  assert.deepEqual(problems, []);
  assert.deepEqual(result, EXPECTED);
  return asked;
}

test("Vite", async (t) => {
  const directory = await project("vite", { "index.html": page("/main.js"), "main.js": await fixture("main.js") });
  const { build } = await import(pathToFileURL(require.resolve("vite")));
  await build({ root: directory, logLevel: "error", configFile: false });
  const built = await readdir(join(directory, "dist/assets"));
  assert.ok(built.some((name) => name.endsWith(".wasm")), `${built}`);
  await check(t, join(directory, "dist"));
});

test("webpack", async (t) => {
  const directory = await project("webpack", { "main.js": await fixture("main.js") });
  const webpack = require("webpack");
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: "production", context: directory, entry: "./main.js", output: { path: join(directory, "dist"), filename: "main.js", publicPath: "/" } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  );
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual(errors, []);
  // That a file is large is webpack's to say, and nothing to mend.
  assert.deepEqual(warnings.filter(({ message }) => !/size limit|performance/.test(message)), []);
  await cp(await indexFor(directory), join(directory, "dist/index.html"));
  await check(t, join(directory, "dist"));
});

test("esbuild, with the wasm copied beside the bundle", async (t) => {
  const directory = await project("esbuild", { "main.js": await fixture("main.js") });
  const esbuild = require("esbuild");
  const { warnings } = await esbuild.build({ entryPoints: [join(directory, "main.js")], bundle: true, format: "esm", outdir: join(directory, "dist"), logLevel: "silent" });
  assert.deepEqual(warnings, []);
  await copy(join(directory, "node_modules/convoke"), join(directory, "dist"), (name) => name.endsWith(".wasm"));
  await cp(await indexFor(directory), join(directory, "dist/index.html"));
  await check(t, join(directory, "dist"));
});

test("plain modules, under a policy that allows no more than it says it needs", async (t) => {
  const importMap = '<script type="importmap" nonce="map">{"imports":{"convoke":"/convoke/index.js"}}</script>';
  const directory = await project("plain", { "index.html": page("/main.js").replace("<body>", `${importMap}<body>`), "main.js": await fixture("main.js") });
  await cp(join(directory, "node_modules/convoke"), join(directory, "convoke"), { recursive: true });
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-map'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  const asked = await check(t, directory, { "content-security-policy": policy });
  assert.equal(asked.filter((path) => path === "/convoke/convoke.wasm").length, 1, "it is loaded once");
});

test("a policy without wasm says what it lacks", async (t) => {
  const directory = await project("policy", { "index.html": page("/main.js"), "main.js": (await fixture("main.js")).replace('"convoke"', '"/convoke/index.js"') });
  await cp(join(directory, "node_modules/convoke"), join(directory, "convoke"), { recursive: true });
  const { url } = await serve(t, directory, { "content-security-policy": "script-src 'self'" });
  const { failed } = await outcome(browser, url);
  assert.match(failed, /^ConvokeError .*policy/);
});

test("Node", async (t) => {
  const { url } = await serve(t, ".");
  const directory = await project("node", {
    "main.js": await fixture("main.js"),
    "start.js": `globalThis.graphBaseUrl = ${JSON.stringify(url)};\nconst { result } = await import("./main.js");\nconsole.log(JSON.stringify(await result));`,
  });
  assert.deepEqual(JSON.parse(await run("node", ["start.js"], directory)), EXPECTED);
});

/** A page for `main.js`, for those tools that write none. */
async function indexFor(directory) {
  const path = join(directory, "page.html");
  await mkdir(join(directory, "dist"), { recursive: true });
  await writeFile(path, page("/main.js"));
  return path;
}
