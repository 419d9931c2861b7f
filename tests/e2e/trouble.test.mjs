// What goes wrong, and what the person then sees: one or two sentences that say what happened and what to do; nothing typed is lost.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, appUrl, eventually, launch, openApp, sandbox, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const alert = (page) => page.getByRole("alert");
const path = (request) => request.path.split("?")[0];

test("without config.json the page asks for what it needs, and says what is wrong with it", async () => {
  const { context, page } = await openApp(browser);
  await page.route("**/config.json", (route) => route.fulfill({ status: 404, body: "" }));
  await page.reload();
  await page.getByRole("heading", { name: "This page is not configured yet" }).waitFor();
  await page.getByText("There is no config.json beside this page").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Redirect URI" }).inputValue(), `${appUrl}/`);
  const client = page.getByRole("textbox", { name: "Application (client) ID" });
  await client.fill("not-a-guid");
  await page.getByRole("radio", { name: "One organization" }).check();
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  assert.equal(await client.getAttribute("aria-invalid"), "true");
  assert.equal(await client.inputValue(), "not-a-guid", "what was typed stays");
  assert.equal(await page.getByRole("textbox", { name: "Directory (tenant) ID or domain" }).getAttribute("aria-invalid"), "true");
  assert.equal((await sandbox.requests()).filter((request) => path(request).endsWith("/authorize")).length, 0);
  await context.close();
});

test("a broken config.json is named, with the member that is wrong", async () => {
  const { context, page } = await openApp(browser);
  const serve = (config) => page.route("**/config.json", (route) => route.fulfill({ contentType: "application/json", body: config }));
  await serve(JSON.stringify({ clientId: "00000000-0000-0000-0000-00000000c0de", accountType: "everybody" }));
  await page.reload();
  await alert(page).getByText(/accountType/).waitFor();
  assert.equal(await page.locator("html").getAttribute("data-session"), "error");
  await page.unroute("**/config.json");
  await serve("{ clientId:");
  await page.reload();
  await alert(page).getByText(/config\.json/).waitFor();
  await context.close();
});

test("the address configures nothing", async () => {
  const { context, page } = await openApp(browser);
  await page.goto(`${appUrl}/?clientId=11111111-1111-1111-1111-111111111111&authority=https://evil.example#/calendar?authority=https://evil.example`);
  await page.getByText("Details").click();
  await page.getByText("Application: 00000000-0000-0000-0000-00000000c0de").waitFor();
  await context.close();
});

test("a refused consent is said, and a second try works", async () => {
  const { context, page, problems } = await openApp(browser);
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  await page.getByRole("button", { name: adele }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await alert(page).getByText("You declined. Nothing was shared.").waitFor();
  assert.doesNotMatch(page.url(), /error|state/);
  assert.equal((await sandbox.requests()).filter((request) => path(request).endsWith("/token")).length, 0, "no code was redeemed");
  await signIn(page, adele);
  assert.deepEqual(problems, []);
  await context.close();
});

test("an answer that nobody asked for signs nobody in and leaves the address", async () => {
  const { context, page } = await openApp(browser);
  for (const hash of ["#code=stolen&state=forged", "#access_token=stolen&token_type=Bearer", "?code=stolen&state=forged"]) {
    await page.goto("about:blank");
    await page.goto(`${appUrl}/${hash}`);
    await page.getByRole("heading", { name: "Connect to Microsoft 365" }).waitFor();
    assert.doesNotMatch(page.url(), /stolen/);
    assert.equal(await page.locator('[data-session="signed-in"]').count(), 0);
  }
  assert.equal((await sandbox.requests()).filter((request) => path(request).endsWith("/token")).length, 0);
  await context.close();
});

test("without a connection the last week stays readable and the draft is kept; both go on when it is back", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  const lunch = page.getByRole("button", { name: /^Lunch, / }).first();
  await lunch.waitFor();
  await context.setOffline(true);
  await alert(page).getByText("You are offline.").waitFor();
  assert.ok(await lunch.isVisible());
  await page.getByRole("button", { name: "New event" }).click();
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).fill("Written offline");
  await editor.getByRole("button", { name: "Save" }).click();
  await editor.getByRole("alert").waitFor();
  assert.equal(await editor.getByRole("textbox", { name: "Title" }).inputValue(), "Written offline");
  await context.setOffline(false);
  await editor.getByRole("button", { name: "Try again" }).click();
  await editor.waitFor({ state: "detached" });
  const stored = (await sandbox.events("adelev@contoso.onmicrosoft.com")).filter((event) => event.subject === "Written offline");
  assert.equal(stored.length, 1, "it is booked once");
  await context.close();
});

test("a server that fails after booking does not book twice", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("button", { name: "New event" }).click();
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).fill("Only once");
  // The request arrives and is carried out; its answer is lost on the way.
  let lost = 0;
  await page.route("**/v1.0/me/events", async (route) => {
    if (route.request().method() === "POST" && lost === 0) {
      lost += 1;
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.continue();
    }
  });
  await editor.getByRole("button", { name: "Save" }).click();
  const again = editor.getByRole("button", { name: "Try again" });
  await Promise.race([editor.waitFor({ state: "detached" }), again.waitFor()]);
  if (await again.isVisible()) await again.click();
  await editor.waitFor({ state: "detached" });
  assert.equal(lost, 1);
  const stored = (await sandbox.events("adelev@contoso.onmicrosoft.com")).filter((event) => event.subject === "Only once");
  assert.equal(stored.length, 1);
  await context.close();
});

test("an ended session says so, keeps what is on the screen and what is typed, and goes on after signing in", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("button", { name: /^Lunch, / }).first().waitFor();
  await page.getByRole("button", { name: "New event" }).click();
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).fill("Survives the night");
  // The next morning: the access token is old, and so is the refresh token of a single-page application.
  await sandbox.clock({ advanceSeconds: 25 * 3600 });
  await page.clock.fastForward(25 * 3600_000);
  await editor.getByRole("button", { name: "Save" }).click();
  await eventually(() => alert(page).allTextContents(), (texts) => texts.some((text) => /session has ended/i.test(text)));
  assert.equal(await editor.getByRole("textbox", { name: "Title" }).inputValue(), "Survives the night");
  const refreshes = (await sandbox.requests()).filter((request) => path(request).endsWith("/token"));
  assert.ok(refreshes.length <= 3, `${refreshes.length} calls of the token endpoint`);
  await editor.getByRole("button", { name: "Sign in again" }).click();
  const account = page.getByRole("button", { name: adele });
  const back = page.locator('[data-session="signed-in"]');
  await account.or(back).first().waitFor({ state: "attached" });
  if (await account.isVisible()) await account.click();
  await back.waitFor({ state: "attached" });
  const restored = page.getByRole("dialog", { name: "New event" });
  assert.equal(await restored.getByRole("textbox", { name: "Title" }).inputValue(), "Survives the night");
  await restored.getByRole("button", { name: "Save" }).click();
  await restored.waitFor({ state: "detached" });
  await context.close();
});

test("an unknown name is said beside the field; an unknown address is a row without information and never free", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  await people.fill("Zzyzx Nobody");
  await alert(page).getByText("Nobody is found for “Zzyzx Nobody”.").waitFor();
  assert.equal(await people.inputValue(), "Zzyzx Nobody");
  await people.fill("stranger@contoso.onmicrosoft.com");
  await people.press("Enter");
  const grid = page.getByRole("grid", { name: "Availability" });
  await grid.getByRole("rowheader", { name: "stranger@contoso.onmicrosoft.com" }).waitFor();
  await page.getByText(/No calendar data/).first().waitFor();
  await eventually(() => page.getByRole("listbox", { name: "Suggested times" }).getByRole("option").count(), (count) => count > 0);
  const names = await page.getByRole("listbox", { name: "Suggested times" }).getByRole("option").evaluateAll((options) => options.map((option) => option.getAttribute("aria-label")));
  assert.ok(names.every((name) => /no information/.test(name) && !/everyone is free/.test(name)), names.join("\n"));
  await context.close();
});

test("days with no common time say why, and offer what would help", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  await people.fill("Megan");
  await page.getByRole("option", { name: /Megan Bowen/ }).click();
  // A Saturday: nobody works.
  await page.getByLabel("From", { exact: true }).fill("2026-11-21");
  await page.getByLabel("To", { exact: true }).fill("2026-11-21");
  await page.getByRole("heading", { name: "No time fits everyone." }).waitFor();
  await page.getByRole("button", { name: "Look outside working hours too" }).click();
  await eventually(() => page.getByRole("listbox", { name: "Suggested times" }).getByRole("option").count(), (count) => count > 0);
  const first = await page.getByRole("listbox", { name: "Suggested times" }).getByRole("option").first().getAttribute("aria-label");
  assert.match(first, /outside working hours/);
  await page.getByLabel("To", { exact: true }).fill("2026-11-02");
  await page.getByText("“To” lies before “From”.").waitFor();
  await context.close();
});

test("one fault on the way is overcome, a lasting one is said with a reference and can be tried again", async () => {
  const { context, page } = await openApp(browser);
  await sandbox.faults([{ match: { path: "/v1.0/me/calendarView*", times: 1 }, act: { status: 503, headers: { "retry-after": "1" } } }]);
  await signIn(page, adele);
  await page.getByRole("button", { name: /^Lunch, / }).first().waitFor();
  assert.ok((await sandbox.requests()).filter((request) => path(request).endsWith("/calendarView") && request.status === 503).length === 1);
  await sandbox.noFaults();
  await sandbox.faults([{ match: { path: "/v1.0/me/calendarView*" }, act: { status: 403, body: { error: { code: "ErrorAccessDenied", message: "Access is denied." } } } }]);
  await page.getByRole("button", { name: "Next" }).click();
  await alert(page).getByText("You are not allowed to do this.").waitFor();
  await alert(page).getByText("Reference:").waitFor();
  await sandbox.noFaults();
  await page.getByRole("button", { name: "Try again" }).click();
  await alert(page).first().waitFor({ state: "detached" });
  await context.close();
});
