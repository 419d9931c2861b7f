// What every end-to-end test needs: a browser, a page that reports all that went wrong in it, the sandbox's controls, sign-in.
// Addresses and the browser's path come from `cargo xtask test`; see `required` below to run one file by hand.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask test --only e2e\`, or start \`cargo xtask demo\` and set it yourself`);
  return value;
}

/** Address of the app under test, without a slash at the end. */
export const appUrl = required("CONVOKE_APP_URL");
/** Address of the sandbox beside it, without a slash at the end. */
export const sandboxUrl = required("CONVOKE_SANDBOX_URL");

/** Starts the installed Chromium, with further flags. The caller closes it. */
export function launch(further = []) {
  const flags = (process.env.CONVOKE_CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean);
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", ...flags, ...further] });
}

/**
 * A page in a context of its own (no cookies, no storage), with `problems`: everything that a test has to explain or find empty.
 * Options are Playwright's for a context (viewport, colorScheme, locale, timezoneId …).
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
  context.setDefaultTimeout(15_000);
  const problems = [];
  await context.exposeBinding("reportPolicyViolation", ({ frame }, violation) => {
    // The sandbox's own pages live under another policy, and are not under test here.
    if (frame.url().startsWith(appUrl)) problems.push(`policy: ${violation}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.reportPolicyViolation(`${event.effectiveDirective} refused ${event.blockedURI || event.sample}`);
    });
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  return { context, page, problems };
}

/** The account that the sign-in page offers first. */
export const adele = "Adele Vance adelev@contoso.onmicrosoft.com";

/** The instant at which tests that look at the calendar take place: a Tuesday morning of the seeded week. */
export const NOW = "2026-11-17T08:00:00Z";

/** The app in a page of its own, at `NOW` on both sides of the wire. */
export async function openApp(browser, options = {}) {
  await sandbox.clock({ now: NOW });
  const opened = await openPage(browser, options);
  await opened.page.clock.install({ time: new Date(NOW) });
  await opened.page.goto(appUrl);
  return opened;
}

/**
 * Signs in on the page, which shows the Connect screen. `account` is the name of the account's button, such as
 * "Adele Vance adelev@contoso.onmicrosoft.com".
 */
export async function signIn(page, account, { keyboard = false } = {}) {
  const use = (button) => (keyboard ? button.press("Enter") : button.click());
  await use(page.getByRole("button", { name: "Sign in with Microsoft" }));
  const choice = page.getByRole("button", { name: account });
  // Consent is asked for once per account and scope, and somebody who is signed in there already is not asked who they are.
  const accept = page.getByRole("button", { name: "Accept", exact: true });
  const heading = page.getByRole("heading", { name: "Permissions requested" });
  const signedIn = page.locator('[data-session="signed-in"]');
  await choice.or(heading).or(signedIn).first().waitFor({ state: "attached" });
  if (await choice.isVisible()) {
    await use(choice);
    await heading.or(signedIn).first().waitFor({ state: "attached" });
  }
  if (await heading.isVisible()) await use(accept);
  await signedIn.waitFor({ state: "attached" });
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
  /** Sets everything back: the seeded world, no faults, no recorded requests. */
  reset: () => post("reset"),
  /** What was asked so far: method, path, status, time and JSON body of each request. */
  requests: () => control("requests"),
  /** Forgets them. */
  forgetRequests: () => control("requests", { method: "DELETE" }),
  /** The events stored in a mailbox. */
  events: async (mailbox) => (await control(`mailboxes/${encodeURIComponent(mailbox)}/events`)).value,
  /** Installs rules by which requests go wrong. */
  faults: (rules) => post("faults", rules),
  /** Removes these rules. */
  noFaults: () => control("faults", { method: "DELETE" }),
  /** Chooses behaviours that are off by default. */
  switches: (choice) => post("switches", choice),
  /** Sets the sandbox's clock. */
  clock: (instruction) => post("clock", instruction),
};

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails where axe-core finds a barrier for people with disabilities on the page as it stands: WCAG 2.2 A and AA, and best practices.
 * `name` says in the failure which state of the page it is; `within` limits the look to a part of the page.
 */
export async function assertAccessible(page, name, within = "body") {
  // A tool of the driver's world, so that the page's policy has nothing to say about it.
  await page.evaluate(await axeSource);
  // A toast that fades in or out has no contrast of its own yet.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running" || animation.animationName === "toast"));
  const violations = await page.evaluate(async (selector) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const results = await globalThis.axe.run({ include: [selector], exclude: [".toast"] }, { runOnly: tags });
    return results.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
  }, within);
  assert.deepEqual(violations, [], name);
}

/** Fails where something sticks out of the page sideways. */
export async function assertNoSidewaysScroll(page, name) {
  const [scrollWidth, clientWidth] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(scrollWidth <= clientWidth, `${name}: ${scrollWidth} px in a page of ${clientWidth}`);
}

/** Asks until `read` gives what `accept` accepts; fails with the last answer. */
export async function eventually(read, accept, limit = 10_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    assert.ok(Date.now() < end, `not within ${limit} ms; at last: ${JSON.stringify(value)}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
