// What the tests of the npm module's members need: a page that holds nothing but the module, somebody who is signed in, the sandbox.
// The package is dist/npm; addresses and the browser's path come from `cargo xtask test --only api`.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask test --only api\``);
  return value;
}

/** Address of the sandbox, without a slash at the end. */
export const sandboxUrl = required("CONVOKE_SANDBOX_URL");
/** A Tuesday morning of the week that the sandbox's world is made around. */
export const NOW = "2026-11-17T08:00:00Z";
export const clientId = "00000000-0000-0000-0000-00000000c0de";

const packageDirectory = new URL("../../dist/npm/", import.meta.url);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** The page: loads the module and leaves it where tests find it. */
const FILES = {
  "/": '<!doctype html><meta charset="utf-8"><title>A host</title><button id="act">Act</button><script type="module" src="/page.js"></script>',
  "/page.js": `
    import * as convoke from "/convoke/index.js";
    await convoke.default();
    globalThis.convoke = convoke;
    document.documentElement.dataset.ready = "";`,
  "/worker.js": `
    import * as convoke from "/convoke/index.js";
    onmessage = async ({ data: { name, values } }) => {
      await convoke.default();
      postMessage(convoke[name](...values));
    };`,
};

/** Serves page and package under the policy that the README tells hosts to send. */
export async function serve(more = {}) {
  const files = { ...FILES, ...more };
  const policy = [
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", `connect-src 'self' ${sandboxUrl}`,
    "require-trusted-types-for 'script'", "trusted-types host",
  ].join("; ");
  const asked = [];
  const server = createServer(async ({ url }, response) => {
    const path = url.split("?")[0];
    asked.push(path);
    const headers = { "content-security-policy": policy, "content-type": TYPES[extname(path)] ?? "text/html" };
    if (path in files) return void response.writeHead(200, headers).end(files[path]);
    if (!path.startsWith("/convoke/")) return void response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    const file = new URL(path.slice("/convoke/".length), packageDirectory);
    try {
      response.writeHead(200, headers).end(await readFile(fileURLToPath(file)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts the installed Chromium. The caller closes it. */
export function launch() {
  const flags = (process.env.CONVOKE_CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean);
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", ...flags] });
}

/** A page at `url` in a context of its own, the module loaded; `problems` is everything that a test has to explain or find empty. */
export async function openPage(browser, url, context) {
  context ??= await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // The browser itself reports statuses that a test asks for.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problems.push(message.text());
  });
  await page.goto(url);
  await ready(page);
  return { context, page, problems };
}

export const ready = (page) => page.locator("html[data-ready]").waitFor({ state: "attached" });

/** The buttons by which the sandbox's sign-in page offers people. */
export const people = {
  adele: "Adele Vance adelev@contoso.onmicrosoft.com",
  megan: "Megan Bowen meganb@contoso.onmicrosoft.com",
};

/** The session's configuration in every test, with the page's own address as redirect URI. */
export const configuration = (more = {}) => ({ clientId, authority: `${sandboxUrl}/contoso.onmicrosoft.com`, protocol: "entra", ...more });

/**
 * Makes `globalThis.session` in the page and signs `person` in by redirect, as a person does on the sandbox's pages. Gives what `start()`
 * gave on the way back.
 */
export async function signIn(page, person, config, options = {}) {
  const back = page.waitForEvent("framenavigated", { predicate: (frame) => frame === page.mainFrame() && frame.url().includes("code="), timeout: 15_000 });
  await page.evaluate(async ([config, options]) => {
    globalThis.session = convoke.createSession(config);
    await session.start();
    session.signIn(options).catch((error) => (globalThis.signInError = error));
  }, [config, options]);
  await choose(page, person);
  await back;
  await ready(page);
  const started = await page.evaluate(async (config) => {
    globalThis.session = convoke.createSession(config);
    return session.start();
  }, config);
  // Encrypting it takes a moment, in which a test might leave the page.
  if (config.cache !== "memory") await page.waitForFunction(() => sessionStorage.getItem("convoke.session") !== null);
  return started;
}

/** What a person does on the sandbox's pages: chooses the account if asked, and accepts if asked. */
export async function choose(page, person) {
  const account = page.getByRole("button", { name: person });
  const accept = page.getByRole("button", { name: "Accept", exact: true });
  await account.or(accept).first().waitFor();
  if (await account.isVisible()) await account.click();
  await accept.or(page.locator("html[data-ready]")).first().waitFor({ state: "attached" });
  if (await accept.isVisible()) await accept.click();
}

async function control(path, options = {}) {
  const response = await fetch(`${sandboxUrl}/sandbox/${path}`, options);
  const text = await response.text();
  assert.ok(response.ok, `${options.method ?? "GET"} /sandbox/${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const post = (path, body) =>
  control(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });

/** The sandbox's controls. */
export const sandbox = {
  reset: () => post("reset"),
  /** The requests so far whose path has this beginning, oldest first. */
  requests: async (start = "/") => (await control("requests")).filter(({ path }) => path.startsWith(start)),
  forgetRequests: () => control("requests", { method: "DELETE" }),
  events: async (mailbox) => (await control(`mailboxes/${encodeURIComponent(mailbox)}/events`)).value,
  faults: (rules) => post("faults", rules),
  noFaults: () => control("faults", { method: "DELETE" }),
  switches: (choice) => post("switches", choice),
  clock: (instruction) => post("clock", instruction),
};

/** Asks until `read` gives what `accept` accepts; fails with the last answer. */
export async function eventually(read, accept, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > end) assert.fail(`it never came to that; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
