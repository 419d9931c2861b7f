// Several tabs and several times: one renewal for all tabs, one sign-out for all tabs, clocks that are wrong, sessions that end.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { alerts, assertSealed, authorizeCalls, grants, graphCalls, lunch, openIdentity, passProvider, session, signInButton, signedIn, signedOut, tokenCalls } from "./identity-support.mjs";
import { NOW, adele, appUrl, eventually, launch, sandbox, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const refreshes = async () => (await grants()).filter((grant) => grant === "refresh_token").length;
/** So much later on both sides of the wire. */
async function later(context, seconds) {
  await sandbox.clock({ advanceSeconds: seconds });
  await context.clock.fastForward(seconds * 1000);
}
/** What the page does when it is looked at again. */
const look = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

test("a new tab takes over the session of a live one, without a request to the provider", async () => {
  const { context, page, problems, watch, openTab } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  await sandbox.forgetRequests();
  const other = await openTab();
  await signedIn(other);
  await lunch(other).waitFor();
  assert.equal((await tokenCalls()).length + (await authorizeCalls()).length, 0);
  await watch.assertClean(problems);
  assert.deepEqual(problems, []);
  await context.close();
});

test("a new tab that finds no live one offers the last person, who need not say again who they are", async () => {
  const { context, page, problems, watch, openTab } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  await page.close();
  const other = await openTab();
  const again = other.getByRole("button", { name: "Continue as Adele Vance" });
  await again.waitFor();
  assert.equal(await session(other), "signed-out");
  await again.click();
  await signedIn(other);
  const asked = new URL((await authorizeCalls()).at(-1).path, "http://x").searchParams;
  assert.equal(asked.get("login_hint"), "adelev@contoso.onmicrosoft.com");
  await watch.assertClean(problems);
  await context.close();
});

for (const strictRotation of [false, true]) {
  test(`row 25: two tabs that renew in the same second ask once, and nobody is signed out${strictRotation ? ", also where a refresh token dies with its use" : ""}`, async () => {
    const { context, page, problems, watch, openTab } = await openIdentity(browser);
    await sandbox.switches({ strictRotation });
    await signIn(page, adele);
    await assertSealed(page);
    const other = await openTab();
    await signedIn(other);
    await lunch(other).waitFor();
    await sandbox.forgetRequests();
    await later(context, 4300);
    await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token" }, act: { delayMs: 700 } }]);
    await Promise.all([page.getByRole("button", { name: "Next" }).click(), other.getByRole("button", { name: "Next" }).click()]);
    await eventually(refreshes, (count) => count > 0);
    // Long enough for a second one, which would wait for the first.
    await page.waitForTimeout(2000);
    assert.equal(await refreshes(), 1);
    assert.deepEqual([await session(page), await session(other)], ["signed-in", "signed-in"]);
    await sandbox.noFaults();
    // Both keep what they need for the next time.
    for (const tab of [page, other]) {
      await tab.reload();
      await signedIn(tab);
    }
    await watch.assertClean(problems);
    await context.close();
  });
}

test("row 25: without locks both tabs stay signed in too", async () => {
  const init = () => Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
  const { context, page, problems, watch, openTab } = await openIdentity(browser, { init });
  await signIn(page, adele);
  await assertSealed(page);
  const other = await openTab();
  await signedIn(other);
  await later(context, 4300);
  await Promise.all([page.getByRole("button", { name: "Next" }).click(), other.getByRole("button", { name: "Next" }).click()]);
  await eventually(refreshes, (count) => count > 0);
  await page.waitForTimeout(2000);
  assert.ok((await refreshes()) <= 2);
  assert.deepEqual([await session(page), await session(other)], ["signed-in", "signed-in"]);
  await watch.assertClean(problems);
  await context.close();
});

test("row 26: signing out in one tab signs out the others within a second, and nothing more is sent", async () => {
  const { context, page, problems, watch, openTab } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  const other = await openTab();
  await lunch(other).waitFor();
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  const began = Date.now();
  await signedOut(other);
  assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
  assert.equal(await lunch(other).count(), 0);
  assert.doesNotMatch(await other.content(), /Adele|Lunch/);
  assert.equal(await other.evaluate(() => sessionStorage.getItem("convoke.session")), null);
  await sandbox.forgetRequests();
  await look(other);
  await other.waitForTimeout(500);
  assert.deepEqual(await graphCalls(), []);
  await other.reload();
  await signedOut(other);
  await signInButton(other).waitFor();
  await watch.assertClean(problems);
  await context.close();
});

test("row 26: a tab that slept through a sign-out sees it when it wakes", async () => {
  const { context, page, problems, watch, openTab } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  const other = await openTab();
  await lunch(other).waitFor();
  await assertSealed(other);
  // What nobody hears is what a frozen tab has heard.
  await page.evaluate(() => { BroadcastChannel.prototype.postMessage = () => {}; });
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInButton(page).waitFor();
  assert.equal(await session(other), "signed-in");
  await look(other);
  await signedOut(other);
  assert.equal(await lunch(other).count(), 0);
  await watch.assertClean(problems);
  await context.close();
});

test("row 26: a tab that is loaded again after a sign-out that it never heard of is signed out", async () => {
  const { context, page, openTab } = await openIdentity(browser);
  await signIn(page, adele);
  await assertSealed(page);
  const other = await openTab();
  await lunch(other).waitFor();
  await assertSealed(other);
  await page.evaluate(() => { BroadcastChannel.prototype.postMessage = () => {}; });
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInButton(page).waitFor();
  await sandbox.forgetRequests();
  await other.reload();
  await signedOut(other);
  assert.equal(await refreshes(), 0);
  await context.close();
});

for (const [name, hours] of [["two hours ahead", 2], ["two hours behind", -2]]) {
  test(`row 31: with a clock ${name} everything works, and the token is renewed by its age alone`, async () => {
    const { context, page, problems, watch } = await openIdentity(browser, { install: false });
    const wrong = new Date(Date.parse(NOW) + hours * 3600_000);
    await page.clock.install({ time: wrong });
    // The server of this page has the right time, as the sandbox has.
    await context.route((url) => url.origin === appUrl && url.pathname === "/", async (route) => {
      if (route.request().method() !== "HEAD") return route.continue();
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), date: new Date(NOW).toUTCString() } });
    });
    await page.reload();
    await signIn(page, adele);
    await assertSealed(page);
    assert.equal((await tokenCalls()).length, 1);
    await later(context, 3000);
    await page.getByRole("button", { name: "Next" }).click();
    await eventually(() => graphCalls().then((calls) => calls.filter(({ path }) => path.includes("calendarView")).length), (count) => count >= 2);
    assert.equal(await refreshes(), 0, "still fresh");
    await later(context, 1400);
    await page.getByRole("button", { name: "Next" }).click();
    await eventually(refreshes, (count) => count === 1);
    assert.equal((await graphCalls()).filter(({ status }) => status === 401).length, 0);
    await watch.assertClean(problems);
    await context.close();
  });
}

test("row 31: after nine hours of sleep one renewal is enough", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await lunch(page).waitFor();
  await sandbox.forgetRequests();
  await later(context, 9 * 3600);
  await look(page);
  await eventually(() => graphCalls().then((calls) => calls.length), (count) => count > 0);
  await page.waitForTimeout(300);
  assert.equal(await refreshes(), 1);
  assert.equal((await graphCalls()).filter(({ status }) => status === 401).length, 0);
  await watch.assertClean(problems);
  await context.close();
});

test("row 9: after a day the session has ended: one refresh, no frame, no burst, and the same person goes on", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await lunch(page).waitFor();
  await sandbox.forgetRequests();
  const frames = [];
  page.on("frameattached", (frame) => frames.push(frame.url()));
  await later(context, 25 * 3600);
  await look(page);
  await alerts(page).getByText(/session has ended/i).first().waitFor();
  assert.ok(await lunch(page).isVisible(), "what was on the screen stays");
  assert.deepEqual([await refreshes(), frames.length, (await graphCalls()).length], [1, 0, 0]);
  await page.getByRole("button", { name: "Sign in again" }).first().click();
  const choice = page.getByRole("button", { name: adele });
  await choice.or(page.locator('[data-session="signed-in"]')).first().waitFor();
  if (await choice.isVisible()) await choice.click();
  await signedIn(page);
  await watch.assertClean(problems);
  await context.close();
});

test("row 8: a refresh token that is refused ends in the signed-out view after one refresh, the draft kept", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await signIn(page, adele);
  await lunch(page).waitFor();
  await page.getByRole("button", { name: "New event" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).fill("Kept");
  await assertSealed(page);
  await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token" }, act: { entraError: 50173 } }]);
  await sandbox.forgetRequests();
  await page.reload();
  await alerts(page).first().waitFor();
  await signInButton(page).or(page.getByRole("button", { name: /Sign in again|Continue as/ })).first().waitFor();
  assert.equal((await tokenCalls()).length, 1);
  await sandbox.noFaults();
  await page.getByRole("button", { name: /Sign in|Continue as/ }).first().click();
  const choice = page.getByRole("button", { name: adele });
  await choice.or(page.locator('[data-session="signed-in"]')).first().waitFor();
  if (await choice.isVisible()) await passProvider(page, adele);
  await signedIn(page);
  assert.equal(await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).inputValue(), "Kept");
  await watch.assertClean(problems);
  await context.close();
});

test("row 24: a renewal whose answer is lost where the old token died with it ends in a sign-in, without a loop", async () => {
  const { context, page, problems, watch } = await openIdentity(browser);
  await sandbox.switches({ strictRotation: true });
  await signIn(page, adele);
  await lunch(page).waitFor();
  await sandbox.forgetRequests();
  await later(context, 4600);
  await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token", times: 2 }, act: { drop: "beforeResponse", perform: true } }]);
  await page.getByRole("button", { name: "Next" }).click();
  await alerts(page).getByText(/session has ended/i).first().waitFor();
  const asked = (await tokenCalls()).length;
  assert.ok(asked <= 4, `${asked} requests`);
  await look(page);
  await page.waitForTimeout(500);
  assert.equal((await tokenCalls()).length, asked, "nothing more is tried");
  await watch.assertClean(problems);
  await context.close();
});
