// What the tests of other people's clients need: pages that hold nothing but such a client, a person who signs in, the sandbox's controls.
// The sandbox is one with --tls; its address and the browser's path come from `cargo xtask test --only clients`.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, request } from "playwright-core";

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask test --only clients\``);
  return value;
}

/** Address of the sandbox, which is https, without a slash at the end. */
export const sandboxUrl = required("CONVOKE_SANDBOX_URL");

export const clientId = "00000000-0000-0000-0000-00000000c0de";
export const tenant = "contoso.onmicrosoft.com";
export const adele = { button: "Adele Vance adelev@contoso.onmicrosoft.com", name: "adelev@contoso.onmicrosoft.com" };

const html = (scripts, more = "") =>
  `<!doctype html><meta charset="utf-8"><title>A client</title>${scripts.map((name) => `<script src="/${name}"></script>`).join("")}${more}`;

/**
 * Serves a site on localhost: `/` loads `scripts`, which are files of node_modules served as they are; `/redirect.html` loads them and
 * runs `landing`. Returns its `url`, with a slash at the end, and `close`.
 */
export async function serve(scripts, landing) {
  const shown = { "/": html(scripts), "/redirect.html": html(scripts, `<script>${landing}</script>`) };
  const server = createServer(async ({ url }, response) => {
    const path = url.split("?")[0];
    const script = scripts.find((name) => path === `/${name}`);
    if (script) {
      response.setHeader("content-type", "text/javascript");
      response.end(await readFile(fileURLToPath(new URL(`../node_modules/${script}`, import.meta.url))));
    } else {
      response.writeHead(shown[path] ? 200 : 404, { "content-type": "text/html" });
      response.end(shown[path]);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * A page in a browser of its own, which trusts the sandbox's certificate; `problems` is what went wrong in it. The browser has a profile on
 * disk, in which cookies reach iframes of other sites: where they do not, renewing in iframes cannot work. It is closed after the test `t`.
 */
export async function openPage(t) {
  const profile = await mkdtemp(join(tmpdir(), "convoke-clients-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default/Preferences"), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  const flags = (process.env.CONVOKE_CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...flags],
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  t.after(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  });
  return { context, page, problems };
}

/** Runs `leave` in the page and waits until the browser has come back to `url`. */
export async function thereAndBack(page, url, leave) {
  const back = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame() && frame.url().startsWith(url));
  await page.evaluate(leave);
  await back;
  await page.waitForLoadState();
}

/** What a person does on the sandbox's pages: chooses Adele and accepts. */
export async function signInAsAdele(page) {
  await page.getByRole("button", { name: adele.button }).click();
  await page.getByRole("heading", { name: "Permissions requested" }).waitFor();
  await page.getByRole("button", { name: "Accept", exact: true }).click();
}

async function control(method, path, data) {
  const client = await request.newContext({ ignoreHTTPSErrors: true });
  try {
    const response = await client.fetch(`${sandboxUrl}/sandbox/${path}`, { method, data });
    const text = await response.text();
    assert.ok(response.ok(), `${method} /sandbox/${path}: ${response.status()} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  } finally {
    await client.dispose();
  }
}

/** The sandbox's controls. */
export const sandbox = {
  reset: () => control("POST", "reset", {}),
  /** The requests so far whose path has this beginning, oldest first. */
  requests: async (start = "/") => (await control("GET", "requests")).filter(({ path }) => path.startsWith(start)),
  forgetRequests: () => control("DELETE", "requests"),
  faults: (rules) => control("POST", "faults", rules),
  clock: (instruction) => control("POST", "clock", instruction),
  events: async (mailbox) => (await control("GET", `mailboxes/${mailbox}/events`)).value,
};
