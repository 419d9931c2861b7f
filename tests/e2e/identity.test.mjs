// Signing in with the page itself: what the provider sends back, believed or not, and what the browser's own buttons do to it. After each
// test everything that the page holds and sent is searched for secrets.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { alerts, assertSealed, authorizeCalls, grants, lunch, openIdentity, passProvider, session, signInButton, signedIn, signedOut, tokenCalls } from "./identity-support.mjs";
import { adele, appUrl, eventually, launch, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const connect = (page) => page.getByRole("heading", { name: "Connect to Microsoft 365" });

/** A sign-in of the page itself, stopped at the provider's last answer: gives the address that it leads back to. */
async function callback(page) {
  await signInButton(page).click();
  let address;
  const isProvider = (url) => url.origin === sandboxUrl;
  await page.route(isProvider, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const location = response.headers().location;
    if (!location?.startsWith(appUrl)) return route.fulfill({ response });
    address = location;
    return route.fulfill({ contentType: "text/html", body: "<title>callback</title>" });
  });
  await passProvider(page, adele);
  await eventually(() => address, Boolean);
  await page.waitForFunction(() => document.title === "callback");
  await page.unroute(isProvider);
  return address;
}

test("by redirect: the code is redeemed once, tokens are sealed, nothing leaks", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await lunch(page).waitFor();
  assert.equal((await tokenCalls()).length, 1);
  assert.equal(page.url().split("#")[0], `${appUrl}/`);
  await assertSealed(page);
  await watch.assertClean(problems);
  assert.deepEqual(problems, []);
  await context.close();
});

test("a reload restores by one refresh", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  await sandbox.forgetRequests();
  await page.reload();
  await signedIn(page);
  await lunch(page).waitFor();
  assert.equal((await tokenCalls()).length, 1);
  assert.equal((await authorizeCalls()).length, 0);
  await watch.assertClean(problems);
  await context.close();
});

test("the screen that was open is open again after signing in", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await page.goto(`${appUrl}/#/assistant`);
  await signIn(page, adele);
  await page.getByRole("heading", { name: "Scheduling assistant" }).waitFor();
  assert.match(page.url(), /#\/assistant$/);
  await watch.assertClean(problems);
  await context.close();
});

test("row 1: an answer whose state is wrong, missing or garbled is not redeemed, and a second try works", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  const address = await callback(page);
  await page.goto(`${appUrl}/config.json`);
  const pending = await page.evaluate(() => sessionStorage.getItem("convoke.pending"));
  for (const forged of ["&state=forged", "&state=", "", "&state=%E0%A4%A"].map((state) => address.replace(/&state=[^&]+/, state))) {
    await page.goto(`${appUrl}/config.json`);
    await page.evaluate((value) => sessionStorage.setItem("convoke.pending", value), pending);
    await page.goto(forged);
    await alerts(page).first().waitFor();
    assert.doesNotMatch(page.url(), /code=/);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("convoke.pending")), null, "the request is used up");
  }
  assert.equal((await tokenCalls()).length, 0);
  await signIn(page, adele);
  await watch.assertClean(problems);
  await context.close();
});

test("row 3: an error's words are text, short, and no links", async () => {
  const { context, page, problems } = await openIdentity(browser);
  const address = await callback(page);
  const state = new URLSearchParams(new URL(address).hash.slice(1)).get("state");
  const hostile = `<img src=x onerror="globalThis.ran=true"><a href="https://evil.example">here</a> ${"x".repeat(5000)}`;
  await page.goto("about:blank");
  await page.goto(`${appUrl}/#error=interaction_required&error_description=${encodeURIComponent(hostile)}&state=${state}`);
  await alerts(page).first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await page.locator('a[href*="evil"], main img').count(), 0);
  assert.ok((await page.locator("body").innerText()).length < 4000);
  assert.deepEqual(problems.filter((problem) => problem.startsWith("policy:")), []);
  await context.close();
});

test("row 4: an answer that nobody asked for is ignored and cleaned away", async () => {
  const { context, page, problems } = await openIdentity(browser);
  for (const rest of ["?code=stolen-code-0123456789&state=forged", "#code=stolen-code-0123456789", "#access_token=stolen-code-0123456789&token_type=Bearer", "#id_token=stolen-code-0123456789"]) {
    await page.goto("about:blank");
    await page.goto(`${appUrl}/${rest}`);
    await connect(page).waitFor();
    assert.doesNotMatch(page.url(), /stolen/);
    assert.equal(await session(page), "signed-out");
  }
  assert.equal((await tokenCalls()).length, 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test("row 5: a callback that is loaded again, or shown again from the history, is not redeemed again", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  const address = await callback(page);
  await page.goto("about:blank");
  await page.goto(address);
  await signedIn(page);
  assert.equal((await grants()).filter((grant) => grant === "authorization_code").length, 1);
  await assertSealed(page);
  await page.reload();
  await signedIn(page);
  // The address as it was, code and all, as a restored tab has it.
  await page.goto("about:blank");
  await page.goto(address);
  await signedIn(page);
  assert.doesNotMatch(page.url(), /code=/);
  await page.goto(`${sandboxUrl}/`).catch(() => {});
  await page.goBack();
  await signedIn(page);
  assert.equal((await grants()).filter((grant) => grant === "authorization_code").length, 1);
  await watch.assertClean(problems);
  await context.close();
});

test("row 6: a callback in a tab without the request redeems nothing and offers to begin", async () => {
  const { context, page, problems, watch, openTab } = await openIdentity(browser);
  const address = await callback(page);
  const other = await openTab(address);
  await connect(other).waitFor();
  assert.ok(await signInButton(other).isVisible());
  assert.doesNotMatch(other.url(), /code=/);
  assert.equal((await tokenCalls()).length, 0);
  await other.close();
  await page.goto("about:blank");
  await page.goto(address);
  await signedIn(page);
  await watch.assertClean(problems);
  await context.close();
});

test("the back button leads from the provider's page to where the person was, and signing in works then", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signInButton(page).click();
  await page.getByRole("button", { name: adele }).waitFor();
  await page.goBack();
  await signInButton(page).waitFor();
  assert.equal((await tokenCalls()).length, 0);
  assert.equal(await page.evaluate(() => sessionStorage.getItem("convoke.pending")), null);
  await signIn(page, adele);
  await watch.assertClean(problems);
  await context.close();
});

test("row 7: a code that has expired is asked for anew once, by itself; then the person is told", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token", times: 1 }, act: { entraError: 54005 } }]);
  await signIn(page, adele);
  assert.equal((await authorizeCalls()).length >= 2, true);
  assert.deepEqual(await grants(), ["authorization_code", "authorization_code"]);
  await watch.assertClean(problems);

  await context.close();

  await sandbox.reset();
  const second = await openIdentity(browser);
  await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token" }, act: { entraError: 70000 } }]);
  await signInButton(second.page).click();
  await passProvider(second.page, adele);
  await alerts(second.page).first().waitFor();
  assert.equal((await tokenCalls()).length, 2, "no loop");
  await second.context.close();
});

test("row 29: third-party cookies play no part: no frame is ever made", async () => {
  const blocked = await launch(["--test-third-party-cookie-phaseout"]);
  const { context, page, problems, watch } = await openIdentity(blocked);
  const frames = [];
  page.on("frameattached", (frame) => frames.push(frame.url()));
  await signIn(page, adele);
  await assertSealed(page);
  await page.reload();
  await signedIn(page);
  assert.deepEqual(frames, []);
  await watch.assertClean(problems);
  await context.close();
  await blocked.close();
});

for (const [name, init] of [
  ["switched off", () => Object.defineProperty(globalThis, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } })],
  ["full", () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }],
]) {
  test(`row 30: with storage ${name} the session lives in memory, and that is said once`, async () => {
    const { context, page, problems, watch } = await openIdentity(browser, { init });
    const [popup] = await Promise.all([page.waitForEvent("popup"), signInButton(page).click()]);
    await passProvider(popup, adele);
    await signedIn(page);
    await lunch(page).waitFor();
    await page.getByText("This browser keeps no data for this page").first().waitFor();
    assert.equal((await tokenCalls()).length, 1);
    await watch.assertClean(problems);
    await page.reload();
    await signedOut(page);
    await context.close();
  });
}

test("row 34: without WebCrypto or on an insecure page the start says so, before any click", async () => {
  for (const init of [
    () => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined }),
    () => Object.defineProperty(globalThis, "isSecureContext", { get: () => false }),
  ]) {
    const { context, page } = await openIdentity(browser, { init });
    await alerts(page).getByText(/WebCrypto|secure page/).waitFor();
    assert.equal((await authorizeCalls()).length, 0);
    await context.close();
  }
});

test("the configuration is read without cookies", async () => {
  const { context, page } = await openIdentity(browser);
  await context.addCookies([{ name: "of-the-page", value: "1", url: appUrl }]);
  const [request] = await Promise.all([page.waitForRequest("**/config.json"), page.reload()]);
  assert.equal((await request.allHeaders()).cookie, undefined);
  await context.close();
});

test("signing out ends the provider's session too and leaves nothing here", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInButton(page).waitFor();
  await signedOut(page);
  const left = await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key !== "convoke.page"));
  assert.deepEqual(left, []);
  const logout = (await sandbox.requests()).filter((request) => request.path.includes("/logout"));
  assert.equal(new URL(logout[0].path, sandboxUrl).searchParams.get("post_logout_redirect_uri"), `${appUrl}/`);
  await watch.assertClean(problems);
  await context.close();
});
