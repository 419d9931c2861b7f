// What the tests of the npm package need: the packed file, fresh projects that install it, a page that says what it came to.
// The package is dist/npm; the directory for projects comes from `cargo xtask test --only package`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const packageDirectory = join(root, "dist/npm");
const tools = join(root, "tests/node_modules");

function scratch() {
  const value = process.env.CONVOKE_PROJECTS;
  assert.ok(value, "CONVOKE_PROJECTS is not set: run `cargo xtask test --only package`, or name an empty directory in it");
  return value;
}

/** Runs a program and gives what it printed; what it printed is the error where it fails. */
export async function run(program, words, directory = root) {
  try {
    const { stdout } = await promisify(execFile)(program, words, { cwd: directory, maxBuffer: 1 << 26, timeout: 60_000 });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${words.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}

let packed;

/** The file that `npm publish` would send, and what is in it. */
export function pack() {
  packed ??= (async () => {
    const target = join(scratch(), "packed");
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    const [{ filename, files }] = JSON.parse(await run("npm", ["pack", "--json", "--pack-destination", target], packageDirectory));
    return { path: join(target, filename), files: files.map(({ path }) => path).sort() };
  })();
  return packed;
}

/**
 * A project of its own that has installed the packed file and nothing else, with `files` (text by name) in it. Nothing of an earlier run is
 * left. Build tools are those of `tests`.
 */
export async function project(name, files) {
  const directory = join(scratch(), name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const manifest = { name, private: true, type: "module" };
  for (const [file, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
    await writeFile(join(directory, file), text);
  }
  const { path } = await pack();
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", path], directory);
  return directory;
}

/** A file of `fixtures`. */
export const fixture = (name) => readFile(new URL(`fixtures/${name}`, import.meta.url), "utf8");

/** A build tool's own file. */
export const tool = (path) => join(tools, path);

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };

/**
 * Serves a directory, and Graph's `/v1.0/me` for whoever brings the token. `headers` are sent with every file. Closed after the test `t`.
 */
export async function serve(t, directory, headers = {}) {
  const asked = [];
  const server = createServer(async ({ url, headers: sent }, response) => {
    const path = decodeURIComponent(url.split("?")[0]);
    asked.push(path);
    if (path === "/v1.0/me") {
      const known = sent.authorization === "Bearer the-token";
      response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? { displayName: "Adele Vance" } : { error: { code: "InvalidAuthenticationToken", message: "no" } }));
      return;
    }
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    const file = join(directory, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const contents = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers });
      response.end(contents);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://localhost:${server.address().port}/`, asked };
}

/** Starts the installed Chromium. The caller closes it. */
export function launch() {
  const flags = (process.env.CONVOKE_CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean);
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", ...flags] });
}

/** What the page at `url` came to, as `fixtures/main.js` writes it, and everything that went wrong in it. */
export async function outcome(browser, url) {
  const page = await browser.newPage();
  const problems = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  try {
    await page.goto(url);
    const result = page.locator("[data-result]");
    await result.waitFor({ state: "attached", timeout: 15_000 }).catch(() => assert.fail(`the page came to nothing: ${problems.join("; ")}`));
    return { ...JSON.parse(await result.getAttribute("data-result")), problems };
  } finally {
    await page.close();
  }
}

/** Copies files below another directory. */
export async function copy(from, to, wanted) {
  for (const name of await readdir(from)) {
    if (wanted(name)) await cp(join(from, name), join(to, name));
  }
}
