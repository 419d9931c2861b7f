// What the tests of sign-in share: a watch over everything that a secret could leak into, and the app in one or several tabs.

import assert from "node:assert/strict";

import { NOW, appUrl, eventually, openPage, sandbox, sandboxUrl } from "./support.mjs";

export const path = (request) => request.path.split("?")[0];
export const tokenCalls = async () => (await sandbox.requests()).filter((request) => path(request).endsWith("/oauth2/v2.0/token"));
export const authorizeCalls = async () => (await sandbox.requests()).filter((request) => path(request).endsWith("/oauth2/v2.0/authorize"));
export const graphCalls = async () => (await sandbox.requests()).filter((request) => path(request).startsWith("/v1.0/"));
/** The kind of grant of each call of the token endpoint. */
export const grants = async () => (await tokenCalls()).map((request) => request.body?.grant_type);
export const session = (page) => page.locator("html").getAttribute("data-session");
export const alerts = (page) => page.getByRole("alert");
export const signedIn = (page) => page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
export const signedOut = (page) => page.locator('[data-session="signed-out"]').waitFor({ state: "attached" });
/** Something that only Adele's mailbox has. */
export const lunch = (page) => page.getByRole("button", { name: /^Lunch, / }).first();
export const signInButton = (page) => page.getByRole("button", { name: "Sign in with Microsoft" });

/**
 * A context with one page of the app, both at `NOW`, and a watch over every page in it.
 * `config`: members that replace those of config.json; `install: false`: the page keeps the machine's own clock.
 */
export async function openIdentity(browser, { config, init, install = true, ...options } = {}) {
  await sandbox.clock({ now: NOW });
  const opened = await openPage(browser, options);
  const watch = new Watch(opened.context);
  watch.look(opened.page);
  if (config) {
    await opened.context.route("**/config.json", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...config } });
    });
  }
  if (init) await opened.context.addInitScript(init);
  const openTab = async (address = appUrl) => {
    const page = await opened.context.newPage();
    page.on("pageerror", (error) => opened.problems.push(`error: ${error.message}`));
    await page.goto(address);
    return page;
  };
  if (install) await opened.page.clock.install({ time: new Date(NOW) });
  await opened.page.goto(appUrl);
  return { ...opened, watch, openTab };
}

/** Chooses an account at the provider and agrees to what is asked, in whichever page shows the provider. */
export async function passProvider(page, account) {
  const choice = page.getByRole("button", { name: account });
  const heading = page.getByRole("heading", { name: "Permissions requested" });
  await choice.or(heading).first().waitFor();
  if (await choice.isVisible()) {
    await choice.click();
    const away = page.waitForURL((url) => url.href.startsWith(appUrl)).catch(() => {});
    await Promise.race([heading.waitFor().catch(() => {}), away]);
  }
  if (!page.isClosed() && (await heading.isVisible().catch(() => false))) {
    await page.getByRole("button", { name: "Accept", exact: true }).click();
  }
}

/** Opens the sign-in window by a click and gives its page. */
export async function openWindow(page, button = signInButton(page)) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), button.click()]);
  return popup;
}

/** Knows every secret that went over the wire, and looks for them wherever none belongs. */
export class Watch {
  #secrets = new Map();
  #requests = [];
  #console = [];
  #reading = [];
  #context;

  constructor(context) {
    this.#context = context;
    context.on("page", (page) => this.look(page));
    context.on("request", (request) => this.#sent(request));
    context.on("response", (response) => this.#reading.push(this.#received(response).catch(() => {})));
  }

  look(page) {
    page.on("console", (message) => this.#console.push(message.text()));
    page.on("pageerror", (error) => this.#console.push(String(error.stack ?? error)));
  }

  #learn(kind, value) {
    if (typeof value === "string" && value.length >= 16) this.#secrets.set(value, kind);
  }

  #sent(request) {
    this.#requests.push(request);
    const url = new URL(request.url());
    if (url.pathname.endsWith("/authorize")) {
      for (const name of ["state", "nonce"]) this.#learn(name, url.searchParams.get(name));
    }
    if (url.pathname.endsWith("/token") && request.method() === "POST") {
      const form = new URLSearchParams(request.postData() ?? "");
      for (const name of ["code", "code_verifier", "refresh_token"]) this.#learn(name, form.get(name));
    }
  }

  async #received(response) {
    if (!new URL(response.url()).pathname.endsWith("/token") || response.request().method() !== "POST") return;
    const body = await response.json();
    for (const name of ["access_token", "refresh_token", "id_token"]) this.#learn(name, body[name]);
  }

  /** Whether a secret may stand in that part of a request. */
  static #belongs(kind, request, part) {
    const url = new URL(request.url());
    const provider = url.origin === sandboxUrl && !url.pathname.startsWith("/v1.0/");
    if (kind === "state" || kind === "nonce") return provider || (url.origin === appUrl && part === "fragment");
    if (kind === "code") return (provider && part === "body") || (url.origin === appUrl && part === "fragment");
    if (kind === "code_verifier" || kind === "refresh_token") return provider && url.pathname.endsWith("/token") && part === "body";
    return kind === "access_token" && url.origin === sandboxUrl && url.pathname.startsWith("/v1.0/") && part === "authorization";
  }

  /** Fails where a token, code, verifier, nonce or state stands where none belongs, or the policy was violated. */
  async assertClean(problems) {
    await Promise.all(this.#reading);
    assert.ok(this.#secrets.size > 0, "the watch has seen a sign-in");
    const found = [];
    const search = (place, text) => {
      for (const [secret, kind] of this.#secrets) {
        if (text?.includes(secret)) found.push(`${kind} in ${place}`);
      }
    };
    for (const request of this.#requests) {
      const headers = await request.allHeaders().catch(() => request.headers());
      const { authorization, ":path": _, ...rest } = headers;
      const [address, fragment] = request.url().split("#");
      const parts = { address, fragment, body: request.postData(), authorization, headers: JSON.stringify(rest) };
      for (const [part, text] of Object.entries(parts)) {
        for (const [secret, kind] of this.#secrets) {
          if (!text?.includes(secret) || Watch.#belongs(kind, request, part)) continue;
          // The provider's own pages carry the request along, and its answers' addresses are its own business.
          if (part === "headers" && new URL(request.url()).origin === sandboxUrl && ["state", "nonce"].includes(kind)) continue;
          found.push(`${kind} in the ${part} of ${request.method()} ${address.split("?")[0]}`);
        }
      }
    }
    this.#console.forEach((text) => search("the console", text));
    for (const cookie of await this.#context.cookies(appUrl)) {
      if (cookie.domain === new URL(appUrl).hostname) search("a cookie", JSON.stringify(cookie));
    }
    for (const page of this.#context.pages()) {
      if (!page.url().startsWith(appUrl)) continue;
      search("the address", page.url());
      const inside = await page.evaluate(everything);
      for (const [place, text] of Object.entries(inside)) search(place, text);
      const devtools = await this.#context.newCDPSession(page);
      const { entries } = await devtools.send("Page.getNavigationHistory");
      entries.filter(({ url }) => url.startsWith(appUrl)).forEach(({ url }) => search("the history", url));
      await devtools.detach();
    }
    assert.deepEqual([...new Set(found)], [], "no secret stands where none belongs");
    assert.deepEqual(problems.filter((problem) => problem.startsWith("policy:")), [], "the policy is kept");
  }
}

/** What a page holds, as text: document, storage, databases, cookies, history. Runs in the page. */
async function everything() {
  const all = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const store = (read) => {
    try {
      return JSON.stringify({ ...read() });
    } catch {
      return "";
    }
  };
  const kept = [];
  for (const { name } of (await indexedDB.databases?.().catch(() => [])) ?? []) {
    const database = await all(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const objects = database.transaction(storeName).objectStore(storeName);
      const [keys, values] = [await all(objects.getAllKeys()), await all(objects.getAll())];
      values.forEach((value, index) => {
        if (value instanceof CryptoKey && value.extractable) kept.push("a key that can be read");
        kept.push(JSON.stringify([keys[index], value instanceof CryptoKey ? "key" : value]));
      });
    }
    database.close();
  }
  return {
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input, textarea")].map((field) => field.value).join("\n"),
    sessionStorage: store(() => sessionStorage),
    localStorage: store(() => localStorage),
    databases: kept.join("\n"),
    cookies: document.cookie,
    "history.state": JSON.stringify(history.state),
    name: globalThis.name,
  };
}

/** Asserts that what is kept in this tab cannot be read, and that nothing outlives it. */
export async function assertSealed(page) {
  await eventually(() => page.evaluate(() => sessionStorage.getItem("convoke.session")), (value) => value !== null);
  const kept = await page.evaluate(everything);
  assert.equal(kept.localStorage, "{}");
  assert.ok(!kept.databases.includes("a key that can be read"));
  assert.doesNotMatch(kept.sessionStorage, /adelev@|\\"refresh\\"|eyJ[\w-]+\.eyJ/i);
}
