// What is in the packed file, and that importing it does nothing: no network, no global, no DOM.

import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { pack, packageDirectory, project, run } from "./support.mjs";

test("the packed file holds what its manifest names, and nothing else", async () => {
  const { files } = await pack();
  const manifest = JSON.parse(await readFile(join(packageDirectory, "package.json"), "utf8"));
  const exported = JSON.stringify(manifest.exports).match(/\.\/[^"]+/g).map((path) => path.slice(2));
  const matches = (path) => (file) => (path.includes("*") ? file.endsWith(path.split("*")[1]) : file === path);
  for (const path of exported) assert.ok(files.some(matches(path)), `${path} is exported and not packed`);
  for (const path of ["README.md", "LICENSE", "package.json", "index.d.ts"]) assert.ok(files.includes(path), `${path} is not packed`);
  assert.deepEqual(files.filter((path) => !/^([a-z0-9-]+\.(js|wasm)|index\.d\.ts|README\.md|LICENSE|package\.json)$/.test(path)), []);
});

test("versions agree", async () => {
  const { version } = JSON.parse(await readFile(join(packageDirectory, "package.json"), "utf8"));
  const workspace = await readFile(new URL("../../Cargo.toml", import.meta.url), "utf8");
  assert.equal(version, workspace.match(/\[workspace\.package\]\nversion = "([^"]+)"/)[1]);
});

test("scripts hold no code made of text, and no path of the machine that built them", async () => {
  const { files } = await pack();
  for (const name of files.filter((name) => /\.(js|wasm)$/.test(name))) {
    const text = await readFile(join(packageDirectory, name), "latin1");
    assert.ok(!/new Function|\beval\(/.test(text), `${name} makes code of text`);
    assert.ok(!text.includes(process.cwd()), `${name} names ${process.cwd()}`);
    assert.ok((await stat(join(packageDirectory, name))).size > 0);
  }
});

test("importing it in Node does nothing", async () => {
  const directory = await project("import", {
    "main.js": `
      const before = Object.keys(globalThis).length;
      const forbidden = () => { throw new Error("a side effect"); };
      for (const name of ["fetch", "setTimeout", "setInterval", "queueMicrotask"]) globalThis[name] = forbidden;
      WebAssembly.instantiate = WebAssembly.instantiateStreaming = WebAssembly.compile = forbidden;
      const module = await import("convoke");
      console.log(JSON.stringify({ added: Object.keys(globalThis).length - before, names: Object.keys(module).sort() }));`,
  });
  const { added, names } = JSON.parse(await run("node", ["main.js"], directory));
  assert.equal(added, 0);
  assert.ok(names.includes("default") && names.includes("createSession"), `${names}`);
});
