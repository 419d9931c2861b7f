// The Connection screen and the banner: accounts, permissions, the check, the self-test, settings.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, appUrl, eventually, launch, openApp, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const CLIENT = "00000000-0000-0000-0000-00000000c0de";
const megan = /^Megan Bowen/;
const path = (request) => request.path.split("?")[0];
const status = (page, text) => page.getByRole("status").filter({ hasText: text });
const row = (page, name) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

/** Adele on the Connection screen, with this configuration on top of the demo's. */
async function onConnection(config = {}) {
  const opened = await openApp(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = opened;
  const whole = { clientId: CLIENT, authority: `${sandboxUrl}/organizations`, protocol: "entra", graphBaseUrl: sandboxUrl, ...config };
  await page.route("**/config.json", (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(whole) }));
  await page.reload();
  await signIn(page, adele);
  await page.getByRole("link", { name: "Connection" }).click();
  await page.getByRole("heading", { name: "Signed in as Adele Vance" }).waitFor();
  await sandbox.forgetRequests();
  return opened;
}

/** The server that the page came from, this many seconds before the page's own clock. */
async function behind(page, seconds) {
  const date = async () => new Date((await page.evaluate(() => Date.now())) - seconds * 1000).toUTCString();
  await page.route(`${appUrl}/`, async (route) => (route.request().method() === "HEAD" ? route.fulfill({ status: 200, headers: { date: await date() } }) : route.fallback()));
}

test("a clock that is off by more than five minutes is reported", async () => {
  const { context, page } = await onConnection();
  await behind(page, 2 * 3600);
  await page.getByRole("button", { name: "Run self-test" }).click();
  await page.getByRole("button", { name: "Copy report" }).waitFor();
  assert.match(await row(page, "The clock is right").innerText(), /Fail[^]*The clock is 2 h ahead\. ?[^]*Set it by the network's time\./);
  await context.close();
});

test("checking the connection is one cheap call, and its outcome is said", async () => {
  const { context, page, problems } = await onConnection();
  await page.getByRole("button", { name: "Check connection" }).press("Enter");
  await status(page, "The connection works.").waitFor();
  assert.deepEqual((await sandbox.requests()).map(path), ["/v1.0/me"]);
  await sandbox.faults([{ match: { path: "/v1.0/me*" }, act: { status: 403, body: { error: { code: "ErrorAccessDenied", message: "No." } } } }]);
  await page.getByRole("button", { name: "Check connection" }).click();
  await page.getByRole("alert").getByText("You are not allowed to do this.").waitFor();
  await sandbox.noFaults();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.deepEqual(problems.filter((problem) => !problem.includes("403")), []);
  await context.close();
});

test("a permission is asked for with one press, on its own, and then it is granted", async () => {
  const { context, page } = await onConnection({ features: ["calendar-read"] });
  const item = page.getByRole("listitem").filter({ hasText: "Find people you work with" });
  await item.getByText("not asked").waitFor();
  await page.getByRole("button", { name: "Ask for: Find people you work with" }).press("Enter");
  await page.getByText("Read whom you work with").waitFor();
  await page.getByRole("button", { name: "Accept", exact: true }).click();
  await item.getByText("granted").waitFor();
  const asked = new URL((await sandbox.requests()).find((request) => path(request).endsWith("/authorize")).path, sandboxUrl);
  assert.match(asked.searchParams.get("scope"), /People\.Read$/);
  assert.equal(asked.searchParams.get("login_hint"), "adelev@contoso.onmicrosoft.com");

  const contacts = page.getByRole("listitem").filter({ hasText: "See your contacts" });
  await page.getByRole("button", { name: "Ask for: See your contacts" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await contacts.getByText("refused").waitFor();
  await page.reload();
  await contacts.getByText("refused").waitFor();
  await page.getByRole("textbox", { name: "Link for your administrator" }).waitFor();
  await context.close();
});

test("the self-test goes through everything, changes nothing, and its report holds no token", async () => {
  const { context, page, problems } = await onConnection({ features: ["calendar-read", "calendar-write", "scheduling", "people", "settings"] });
  await behind(page, 2);
  const before = await sandbox.events("adelev@contoso.onmicrosoft.com");
  await page.getByRole("button", { name: "Run self-test" }).press("Enter");
  await page.getByRole("button", { name: "Copy report" }).waitFor();
  for (const check of ["The program runs", "The browser can sign in", "The browser keeps data", "The sign-in service answers", "The application is registered", "The permissions are granted", "Microsoft Graph answers", "See your calendars", "See when others are free", "Find people you work with", "See your working hours and time zone"]) {
    assert.match(await row(page, check).innerText(), /Pass/, check);
  }
  assert.match(await row(page, "Change your calendars and answer invitations").innerText(), /Skipped/);
  assert.match(await row(page, "The clock is right").innerText(), /Pass[^]*The clock is [2-4] s ahead\./);
  await status(page, "12 of 13 checks passed.").waitFor();
  assert.deepEqual(await sandbox.events("adelev@contoso.onmicrosoft.com"), before);
  const requests = await sandbox.requests();
  const writes = requests.filter((request) => !["GET", "HEAD"].includes(request.method)).map(path);
  assert.deepEqual(writes.map((name) => name.replace(/^\/[^/]+\/oauth2/, "/oauth2")), ["/oauth2/v2.0/token", "/v1.0/me/calendar/getSchedule"]);

  await page.getByRole("button", { name: "Copy report" }).click();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /^Convoke self-test, 2026-11-17T/);
  assert.match(report, /\nPass – The program runs \(\d+ ms\): As it should be\./);
  assert.doesNotMatch(report, /eyJ|Bearer|adelev@|verifier/);
  assert.deepEqual(problems, []);
  await context.close();
});

test("the self-test names what fails, skips what rests on it, and can be stopped", async () => {
  const { context, page } = await onConnection({ features: ["calendar-read", "people"] });
  await sandbox.faults([{ match: { path: "/v1.0/me/people*" }, act: { status: 403, body: { error: { code: "ErrorAccessDenied", message: "No." } } } }]);
  await page.getByRole("button", { name: "Run self-test" }).click();
  await page.getByRole("button", { name: "Copy report" }).waitFor();
  assert.match(await row(page, "Find people you work with").innerText(), /Fail[^]*You are not allowed to do this\.[^]*Reference/);
  assert.match(await row(page, "See your calendars").innerText(), /Pass/);

  await sandbox.noFaults();
  await sandbox.faults([{ match: { path: "/v1.0/me?*" }, act: { status: 404, body: { error: { code: "ResourceNotFound", message: "No." } } } }]);
  await page.getByRole("button", { name: "Run self-test" }).click();
  await page.getByRole("button", { name: "Copy report" }).waitFor();
  assert.match(await row(page, "Microsoft Graph answers").innerText(), /Fail/);
  assert.match(await row(page, "See your calendars").innerText(), /Skipped[^]*What this needs failed before\./);

  await sandbox.noFaults();
  await sandbox.faults([{ match: { path: "/v1.0/me?*" }, act: { delayMs: 60_000 } }]);
  await page.getByRole("button", { name: "Run self-test" }).click();
  await row(page, "The permissions are granted").waitFor();
  await page.getByRole("button", { name: "Stop" }).press("Enter");
  await page.getByRole("button", { name: "Copy report" }).waitFor({ timeout: 5_000 });
  assert.match(await row(page, "Find people you work with").innerText(), /Skipped[^]*It was stopped\./);
  await context.close();
});

test("several accounts: added, switched between, signed out one by one", async () => {
  const { context, page, problems } = await onConnection();
  await page.getByRole("button", { name: "Adele Vance", exact: true }).press("Enter");
  await page.getByRole("banner").getByRole("button", { name: "Add account" }).press("Enter");
  await page.getByRole("button", { name: megan }).click();
  const accept = page.getByRole("button", { name: "Accept", exact: true });
  await accept.click();
  await page.getByRole("heading", { name: "Signed in as Megan Bowen" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "Use Adele Vance" }).click();
  await page.getByRole("heading", { name: "Signed in as Adele Vance" }).waitFor();
  await status(page, "Adele Vance is in use now.").waitFor();
  await page.getByRole("button", { name: "Check connection" }).click();
  await status(page, "The connection works.").waitFor();
  const check = (await sandbox.requests()).filter((request) => path(request) === "/v1.0/me").at(-1);
  assert.equal(check.account, "adelev@contoso.onmicrosoft.com");
  await page.reload();
  await page.getByRole("heading", { name: "Signed in as Adele Vance" }).waitFor();
  await page.getByRole("main").getByRole("button", { name: "Sign out Megan Bowen" }).click();
  await eventually(() => page.getByRole("button", { name: "Use Megan Bowen" }).count(), (count) => count === 0);
  await page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
  assert.deepEqual(problems, []);
  await context.close();
});

test("menus open and close by keyboard and by leaving them, and keep the focus", async () => {
  const { context, page } = await onConnection();
  const settings = page.getByRole("button", { name: "Settings" });
  await settings.press("Enter");
  assert.equal(await settings.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest("label")?.innerText.split("\n")[0]), "Theme");
  await page.keyboard.press("Escape");
  assert.equal(await settings.getAttribute("aria-expanded"), "false");
  assert.equal(await page.evaluate(() => document.activeElement.id), "settings");
  await page.getByRole("button", { name: "Adele Vance", exact: true }).click();
  await page.getByRole("banner").getByRole("button", { name: "Sign out", exact: true }).waitFor();
  await page.getByRole("heading", { name: "Signed in as Adele Vance" }).click();
  await page.getByRole("banner").getByRole("button", { name: "Sign out", exact: true }).waitFor({ state: "hidden" });
  await context.close();
});

test("what the person chooses goes before the deployer, and “As the system” is a choice", async () => {
  const { context, page } = await onConnection({ theme: "dark", timeZone: "America/New_York" });
  const theme = () => page.locator("html").getAttribute("data-theme");
  assert.equal(await theme(), "dark");
  await page.getByRole("main").getByText("America/New_York").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("combobox", { name: "Theme" }).selectOption("As the system");
  await page.getByRole("combobox", { name: "Time zone" }).selectOption("As the system");
  assert.equal(await theme(), "auto");
  await page.getByRole("main").getByText("Europe/Berlin").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Signed in as Adele Vance" }).waitFor();
  assert.equal(await theme(), "auto");
  await page.getByRole("main").getByText("Europe/Berlin").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("combobox", { name: "Time zone" }).selectOption("Asia/Tokyo");
  await page.getByRole("main").getByText("Asia/Tokyo").waitFor();
  await page.getByRole("link", { name: "Calendar" }).click();
  await page.getByText("Times in Asia/Tokyo").waitFor();
  await context.close();
});

test("while Microsoft asks to wait, the time runs down and nothing is sent", async () => {
  const { context, page } = await onConnection();
  await sandbox.faults([{ match: { path: "/v1.0/me?*", times: 1 }, act: { throttle: { retryAfter: 20, readable: true } } }]);
  await page.getByRole("button", { name: "Check connection" }).click();
  await page.getByRole("main").getByText(/^Microsoft 365 asks to slow down\. It goes on in (20|19) s\.$/).waitFor();
  await status(page, "It goes on in 20 s.").waitFor();
  await page.clock.runFor(5_000);
  await page.getByRole("main").getByText(/It goes on in 1[3-5] s\./).waitFor();
  assert.equal((await sandbox.requests()).filter((request) => path(request) === "/v1.0/me").length, 1);
  await page.clock.runFor(20_000);
  await status(page, "The connection works.").waitFor();
  assert.equal(await page.getByRole("main").getByText("asks to slow down").count(), 0);
  await context.close();
});

test("an open dialog has the live region, so that what is said is heard there", async () => {
  const { context, page } = await onConnection({ features: ["calendar-write", "people", "users"] });
  await page.getByRole("link", { name: "Calendar" }).click();
  await page.getByRole("button", { name: "New event" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Attendees" }).fill("Meg");
  await dialog.getByRole("status").filter({ hasText: /found/ }).waitFor({ state: "attached" });
  assert.equal(await page.locator("#said").isHidden(), true);
  await dialog.getByRole("textbox", { name: "Title" }).fill("Offsite");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await status(page, "Your draft is kept.").waitFor({ state: "attached" });
  await context.close();
});
