// What goes wrong at the provider, on the way to it, or with a permission: each row of the table of faults that needs a browser and a wire.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { alerts, assertSealed, authorizeCalls, grants, graphCalls, lunch, openIdentity, passProvider, session, signInButton, signedIn, tokenCalls } from "./identity-support.mjs";
import { adele, appUrl, eventually, launch, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const TOKEN = "/*/oauth2/v2.0/token";
const fault = (act, match = {}) => sandbox.faults([{ match: { path: TOKEN, ...match }, act }]);
/** Signed in, with a token that is due for renewal. */
async function dueForRenewal(options) {
  const opened = await openIdentity(browser, options);
  await signIn(opened.page, adele);
  await lunch(opened.page).waitFor();
  await assertSealed(opened.page);
  await sandbox.forgetRequests();
  await sandbox.clock({ advanceSeconds: 4600 });
  await opened.context.clock.fastForward(4600_000);
  return opened;
}
const next = (page) => page.getByRole("button", { name: "Next" }).click();
const finish = async ({ context, problems, watch }) => {
  await watch.assertClean(problems);
  await context.close();
};

test("row 10: consent that was withdrawn leads to a button, and the request names the permissions", async () => {
  const opened = await dueForRenewal();
  await fault({ entraError: 65001 });
  await next(opened.page);
  const go = opened.page.getByRole("button", { name: "Continue" }).first();
  await go.waitFor();
  assert.ok((await grants()).length <= 2);
  assert.match(await alerts(opened.page).allTextContents().then((texts) => texts.join(" ")), /permission|calendar/i);
  await sandbox.noFaults();
  await sandbox.forgetRequests();
  await go.click();
  await eventually(authorizeCalls, (calls) => calls.length > 0);
  assert.match(new URL((await authorizeCalls())[0].path, "http://x").searchParams.get("scope"), /Calendars\.ReadWrite/);
  await opened.context.close();
});

test("row 11: a step-up is a button, and its claims go to the provider unchanged", async () => {
  const opened = await dueForRenewal();
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  await fault({ status: 400, body: { error: "interaction_required", error_description: "AADSTS50076: …", error_codes: [50076], claims } });
  await next(opened.page);
  const go = opened.page.getByRole("button", { name: /Continue|Sign in again/ }).first();
  await go.waitFor();
  await sandbox.noFaults();
  await sandbox.forgetRequests();
  await go.click();
  await eventually(authorizeCalls, (calls) => calls.length > 0);
  const asked = JSON.parse(new URL((await authorizeCalls())[0].path, "http://x").searchParams.get("claims"));
  assert.deepEqual(asked.access_token.acrs, { essential: true, value: "c1" });
  assert.deepEqual(asked.access_token.xms_cc, { values: ["cp1"] });
  await opened.context.close();
});

test("row 12: a claims challenge of Graph is answered once, with the claims, and the call repeated once", async () => {
  const opened = await openIdentity(browser);
  await signIn(opened.page, adele);
  await lunch(opened.page).waitFor();
  await sandbox.forgetRequests();
  await sandbox.faults([{ match: { path: "/v1.0/me/calendarView*", times: 1 }, act: { claimsChallenge: true } }]);
  await next(opened.page);
  await eventually(() => graphCalls(), (calls) => calls.some(({ status }) => status === 401) && calls.some(({ path, status }) => path.includes("calendarView") && status === 200));
  const renewals = await tokenCalls();
  assert.equal(renewals.length, 1);
  assert.ok(JSON.parse(renewals[0].body.claims).access_token, "the challenge went along");
  assert.equal((await graphCalls()).filter(({ status }) => status === 401).length, 1);
  assert.equal(await session(opened.page), "signed-in");
  await finish(opened);
});

test("row 13: what an administrator has to approve is said by the provider, and the way back is no loop", async () => {
  await sandbox.switches({ userConsent: false });
  const opened = await openIdentity(browser);
  await signInButton(opened.page).click();
  await opened.page.getByRole("button", { name: adele }).click();
  await opened.page.getByText(/AADSTS90094|admin/i).first().waitFor();
  await opened.page.goto(appUrl);
  await signInButton(opened.page).waitFor();
  assert.equal((await tokenCalls()).length, 0);
  assert.equal((await authorizeCalls()).length, 1);
  await opened.context.close();
});

test("row 15: a page of the network in place of a token says so and keeps the session", async () => {
  const opened = await dueForRenewal();
  await fault({ status: 200, body: "<html>Welcome to the hotel</html>", headers: { "content-type": "text/html" } });
  await next(opened.page);
  await alerts(opened.page).first().waitFor();
  assert.equal(await session(opened.page), "signed-in");
  await sandbox.noFaults();
  await opened.context.clock.fastForward(10_000);
  await opened.page.getByRole("button", { name: "Try again" }).first().click();
  await eventually(() => graphCalls(), (calls) => calls.some(({ path, status }) => path.includes("calendarView") && status === 200));
  await finish(opened);
});

for (const [row, name, act] of [
  [16, "cut short", { truncateBytes: 40 }],
  [19, "503 once", { status: 503, body: {} }],
]) {
  test(`row ${row}: an answer that is ${name} costs one more try and nobody's session`, async () => {
    const opened = await dueForRenewal();
    await fault(act, { times: 1 });
    await next(opened.page);
    await eventually(() => graphCalls(), (calls) => calls.some(({ path, status }) => path.includes("calendarView") && status === 200));
    assert.equal((await tokenCalls()).length, 2);
    assert.equal(await session(opened.page), "signed-in");
    await finish(opened);
  });
}

/** The provider carries the next request out, and its answer is lost. Not by a fault of the sandbox: browsers themselves repeat a request
 *  whose connection ends. Gives what was sent. */
async function loseOneAnswer(context) {
  const sent = [];
  await context.route(`${sandboxUrl}/**/token`, async (route) => {
    sent.push(new URLSearchParams(route.request().postData()));
    if (sent.length > 1) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  return sent;
}

test("row 17: a refresh whose answer was lost is repeated once, and nobody's session ends", async () => {
  const opened = await dueForRenewal();
  const sent = await loseOneAnswer(opened.context);
  await next(opened.page);
  await eventually(() => graphCalls(), (calls) => calls.some(({ path, status }) => path.includes("calendarView") && status === 200));
  assert.deepEqual(sent.map((form) => form.get("grant_type")), ["refresh_token", "refresh_token"]);
  assert.equal(await session(opened.page), "signed-in");
  await finish(opened);
});

test("row 17: a code whose answer was lost is never sent again; the sign-in begins anew", async () => {
  const opened = await openIdentity(browser);
  const sent = await loseOneAnswer(opened.context);
  await signIn(opened.page, adele);
  const codes = sent.map((form) => form.get("code"));
  assert.ok(codes.length === 2 && codes[0] !== codes[1], "each code is sent once");
  await finish(opened);
});

for (const [name, retryAfter] of [["for two minutes", 120], ["until a date", "Tue, 17 Nov 2026 09:19:00 GMT"]]) {
  test(`row 18: 429 ${name} is not tried again before its time, and the session is kept`, async () => {
    const opened = await dueForRenewal();
    await fault({ throttle: { retryAfter, readable: true } }, { times: 1 });
    await next(opened.page);
    await eventually(tokenCalls, (calls) => calls.length === 1);
    await opened.context.clock.fastForward(90_000);
    await opened.page.waitForTimeout(300);
    assert.equal((await tokenCalls()).length, 1);
    assert.equal(await session(opened.page), "signed-in");
    await opened.context.clock.fastForward(60_000);
    await eventually(() => graphCalls(), (calls) => calls.some(({ path, status }) => path.includes("calendarView") && status === 200));
    assert.equal((await tokenCalls()).length, 2);
    await finish(opened);
  });
}

test("row 18: 429 without a time is tried a few times with pauses between, and the session is kept", async () => {
  const opened = await dueForRenewal();
  await fault({ throttle: { retryAfter: null, readable: true } });
  await next(opened.page);
  await alerts(opened.page).first().waitFor();
  const times = (await tokenCalls()).map(({ sinceStartMs }) => sinceStartMs);
  assert.ok(times.length >= 2 && times.length <= 8, `${times.length} requests`);
  assert.ok(times.slice(1).every((time, index) => time - times[index] >= 900), times.join());
  assert.equal(await session(opened.page), "signed-in");
  await opened.context.close();
});

test("row 20: without the permission to read the answer the registration's platform is named", async () => {
  const opened = await openIdentity(browser);
  await fault({ cors: false });
  await signInButton(opened.page).click();
  await passProvider(opened.page, adele);
  await alerts(opened.page).first().waitFor();
  assert.match(await alerts(opened.page).first().innerText(), /single-page/i);
  assert.ok((await tokenCalls()).length <= 2);
  await opened.context.close();
});

test("row 27: a redirect of Graph's to another host takes no bearer with it", async () => {
  const opened = await openIdentity(browser);
  await signIn(opened.page, adele);
  await lunch(opened.page).waitFor();
  const other = sandboxUrl.replace("127.0.0.1", "localhost");
  await sandbox.forgetRequests();
  await sandbox.faults([{ match: { path: "/v1.0/me/calendarView*" }, act: { status: 302, headers: { location: `${other}/v1.0/me` } } }]);
  await next(opened.page);
  await alerts(opened.page).first().waitFor();
  assert.ok((await graphCalls()).every(({ headers, path }) => path.includes("calendarView") || !headers.host?.startsWith("localhost")));
  assert.equal((await sandbox.requests()).filter(({ path }) => path === "/v1.0/me").length, 0);
  await finish(opened);
});

const document = async () => (await fetch(`${sandboxUrl}/organizations/v2.0/.well-known/openid-configuration`)).json();
for (const [name, change] of [
  ["unreachable", () => ({ drop: "beforeResponse" })],
  ["a web page", () => ({ status: 200, body: "<html></html>", headers: { "content-type": "text/html" } })],
  ["somebody else's", (body) => ({ status: 200, body: { ...body, issuer: "https://evil.example/{tenantid}/v2.0" } })],
  ["one that sends codes elsewhere", (body) => ({ status: 200, body: { ...body, token_endpoint: "https://evil.example/token" } })],
]) {
  test(`row 32: a discovery document that is ${name} is said, and nobody is sent anywhere`, async () => {
    const opened = await openIdentity(browser);
    await sandbox.faults([{ match: { path: "/*/v2.0/.well-known/openid-configuration" }, act: change(await document()) }]);
    await signInButton(opened.page).click();
    await alerts(opened.page).first().waitFor();
    assert.equal((await authorizeCalls()).length, 0);
    assert.ok(opened.page.url().startsWith(appUrl));
    await opened.context.close();
  });
}

test("row 2: an answer whose issuer is wrong redeems nothing", async () => {
  const opened = await openIdentity(browser);
  await opened.context.route(`${sandboxUrl}/**/consent`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const location = response.headers().location;
    const body = `<meta http-equiv="refresh" content="0;url=${location}&iss=https%3A%2F%2Fevil.example">`;
    await route.fulfill({ contentType: "text/html", body: location ? body : await response.text() });
  });
  await signInButton(opened.page).click();
  await passProvider(opened.page, adele);
  await alerts(opened.page).first().waitFor();
  assert.equal((await tokenCalls()).length, 0);
  await opened.context.unrouteAll({ behavior: "wait" });
  await opened.context.close();
});

test("row 14: with less granted than asked for, the calendar works, and the rest is off with its reason", async () => {
  const opened = await openIdentity(browser);
  const { page } = opened;
  await fault({ set: { "/scope": "openid profile User.Read Calendars.Read People.Read User.ReadBasic.All MailboxSettings.Read" } });
  await signIn(page, adele);
  await lunch(page).waitFor();
  await page.getByText("Off, because the permission was not given").waitFor();
  assert.ok(await page.getByRole("button", { name: "New event" }).isDisabled(), "off, rather than failing later");
  assert.equal((await authorizeCalls()).length, 1, "nobody is asked again unbidden");
  await sandbox.noFaults();
  await sandbox.forgetRequests();
  await page.getByRole("button", { name: "Ask again" }).click();
  await eventually(authorizeCalls, (calls) => calls.length > 0);
  assert.match(new URL((await authorizeCalls())[0].path, "http://x").searchParams.get("scope"), /Calendars\.ReadWrite/);
  // The provider shows the permissions, since they were asked for on purpose.
  const accept = page.getByRole("button", { name: "Accept", exact: true });
  await accept.or(page.locator('[data-session="signed-in"]')).first().waitFor({ state: "attached" });
  if (await accept.isVisible()) await accept.click();
  await signedIn(page);
  await lunch(page).waitFor();
  assert.ok(await page.getByRole("button", { name: "New event" }).isEnabled());
  await finish(opened);
});
