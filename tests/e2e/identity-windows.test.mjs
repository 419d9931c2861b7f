// Signing in through a window: by the shipped callback page, by the app's own address, and where windows are blocked, closed or silent.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { alerts, assertSealed, lunch, openIdentity, openWindow, passProvider, signInButton, signedIn, signedOut, tokenCalls } from "./identity-support.mjs";
import { adele, appUrl, launch, sandbox } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const config = { popup: true, redirectUri: `${appUrl}/redirect.html` };
const gone = (popup) => (popup.isClosed() ? undefined : popup.waitForEvent("close"));

test("by window: the page stays, the callback page hands the answer over and closes", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config });
  await page.evaluate(() => { globalThis.stayed = true; });
  const popup = await openWindow(page);
  await passProvider(popup, adele);
  await signedIn(page);
  await gone(popup);
  await lunch(page).waitFor();
  assert.equal(await page.evaluate(() => globalThis.stayed), true);
  assert.equal((await tokenCalls()).length, 1);
  await assertSealed(page);
  await watch.assertClean(problems);
  assert.deepEqual(problems, []);
  await context.close();
});

test("by window with the app's own address as redirect URI", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config: { popup: true } });
  const popup = await openWindow(page);
  await passProvider(popup, adele);
  await signedIn(page);
  await gone(popup);
  assert.equal((await tokenCalls()).length, 1);
  await watch.assertClean(problems);
  await context.close();
});

test("by window under a provider's Cross-Origin-Opener-Policy, which cuts the tie to the page", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config });
  await context.route("**/oauth2/v2.0/authorize*", async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await route.fulfill({ response, headers: { ...response.headers(), "cross-origin-opener-policy": "same-origin" } });
  });
  const popup = await openWindow(page);
  await popup.getByRole("button", { name: adele }).waitFor();
  // It looks closed from here, and is not: nothing is called cancelled for that.
  await page.getByText("Still signing in").waitFor();
  assert.equal(await popup.evaluate(() => globalThis.opener), null);
  await passProvider(popup, adele);
  await signedIn(page);
  assert.equal(await page.getByText("Still signing in").count(), 0);
  await watch.assertClean(problems);
  await context.close();
});

test("the callback page runs under a policy of its own, loads nothing else, and keeps nothing in its address", async () => {
  const { context, page } = await openIdentity(browser, { config });
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto("about:blank");
  const response = await page.goto(`${appUrl}/redirect.html#code=abcdefghijklmnopqrstuvwxyz&state=forged`);
  assert.equal(response.headers()["referrer-policy"], "no-referrer");
  assert.equal(response.headers()["cross-origin-opener-policy"], undefined);
  assert.match(response.headers()["content-security-policy"], /frame-ancestors 'none'/);
  assert.match(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content"), /^default-src 'none'; script-src 'self'; base-uri 'none'/);
  await page.getByText("Go back there and finish it").waitFor();
  assert.equal(page.url(), `${appUrl}/redirect.html`);
  assert.deepEqual(loaded, ["/redirect.html", "/redirect.js"]);
  await context.close();
});

test("the callback page leads the page's own sign-in back to where it began, and nowhere else", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config: { redirectUri: `${appUrl}/redirect.html` } });
  await page.goto(`${appUrl}/?view=team#/assistant`);
  await signInButton(page).click();
  await passProvider(page, adele);
  await signedIn(page);
  await page.waitForURL(`${appUrl}/?view=team#/assistant`);
  await watch.assertClean(problems);

  const state = "s".repeat(43);
  for (const target of ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/relative", ""]) {
    await page.goto("about:blank");
    await page.goto(`${appUrl}/config.json`);
    await page.evaluate((pending) => sessionStorage.setItem("convoke.pending", JSON.stringify(pending)), { state, page: target });
    await page.goto(`${appUrl}/redirect.html#code=c&state=${state}`);
    await page.getByText("Go back there and finish it").waitFor();
  }
  await context.close();
});

test("row 28: a blocked window is said at once, and the page itself can go", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config: { popup: true }, init: () => { globalThis.open = () => null; } });
  await signInButton(page).click();
  await alerts(page).getByText("did not open the sign-in window").waitFor();
  await page.getByRole("button", { name: "Sign in on this page" }).click();
  await passProvider(page, adele);
  await signedIn(page);
  await watch.assertClean(problems);
  await context.close();
});

test("row 28: a closed window asks what has become of it; it opens again, or the sign-in is cancelled", async () => {
  const { context, page, problems, watch } = await openIdentity(browser, { config });
  const first = await openWindow(page);
  await first.getByRole("button", { name: adele }).waitFor();
  await first.close();
  await page.getByText("Still signing in").waitFor();
  const second = await openWindow(page, page.getByRole("button", { name: "Open again" }));
  await second.getByRole("button", { name: adele }).waitFor();
  await second.close();
  await page.getByText("Still signing in").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await signedOut(page);
  assert.equal((await tokenCalls()).length, 0);
  const third = await openWindow(page);
  await passProvider(third, adele);
  await signedIn(page);
  await watch.assertClean(problems);
  await context.close();
});

test("row 28: a window that never answers ends in a timeout that names the full page", async () => {
  const { context, page } = await openIdentity(browser, { config });
  const popup = await openWindow(page);
  await popup.getByRole("button", { name: adele }).waitFor();
  await page.clock.fastForward(100_000);
  await page.getByText("Still signing in").waitFor();
  await page.clock.fastForward(600_000);
  await alerts(page).first().waitFor();
  await page.getByRole("button", { name: "Sign in on this page" }).waitFor();
  await gone(popup);
  assert.equal((await tokenCalls()).length, 0);
  await context.close();
});

test("a window whose page has gone says so, and its copy of the storage is erased before anything else", async () => {
  const { context, page } = await openIdentity(browser, { config });
  const popup = await openWindow(page);
  await popup.getByRole("button", { name: adele }).waitFor();
  await popup.goto(`${appUrl}/config.json`);
  await popup.evaluate(() => sessionStorage.setItem("inherited", "1"));
  await page.close();
  await popup.goto(`${appUrl}/redirect.html#code=c&state=${"a".repeat(43)}.${"b".repeat(43)}`);
  assert.equal(await popup.evaluate(() => sessionStorage.length), 0);
  await popup.clock.fastForward(6_000);
  await popup.getByText("no longer open").waitFor();
  assert.equal((await tokenCalls()).length, 0);
  await context.close();
});

test("a forged answer on the window's channel ends the attempt and redeems nothing", async () => {
  const { context, page } = await openIdentity(browser, { config });
  const popup = await openWindow(page);
  await popup.getByRole("button", { name: adele }).waitFor();
  const channel = new URL(popup.url()).searchParams.get("state").split(".")[1];
  const other = await context.newPage();
  await other.goto(`${appUrl}/config.json`);
  await other.evaluate((name) => new BroadcastChannel(`convoke.${name}`).postMessage(`#code=stolen&state=${"f".repeat(43)}.${name}`), channel);
  await alerts(page).first().waitFor();
  assert.equal((await tokenCalls()).length, 0);
  await context.close();
});
