// @microsoft/microsoft-graph-client as it is published, in Chromium, with its own MSAL provider: paging, batch, upload, retry, errors.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { adele, clientId, openPage, sandbox, sandboxUrl, serve, signInAsAdele, tenant } from "./support.mjs";

const SCOPES = ["User.Read", "Calendars.ReadWrite", "Files.ReadWrite"];

let site;
before(async () => {
  site = await serve(
    [
      "@azure/msal-browser/lib/msal-browser.min.js",
      "@microsoft/microsoft-graph-client/lib/graph-js-sdk.js",
      "@microsoft/microsoft-graph-client/lib/graph-client-msalBrowserAuthProvider.js",
    ],
    "",
  );
});
after(() => site?.close());

/** The seeded world, and a page with a client that is signed in. */
async function start(t) {
  await sandbox.reset();
  const { page } = await openPage(t);
  await page.goto(site.url);
  const setUp = () =>
    page.evaluate(async ([clientId, authority, sandboxUrl, scopes]) => {
      const url = new URL(sandboxUrl);
      const app = new msal.PublicClientApplication({
        auth: { clientId, authority, knownAuthorities: [url.host], redirectUri: `${location.origin}/` },
      });
      await app.initialize();
      const answer = await app.handleRedirectPromise();
      if (!answer) return void app.loginRedirect({ scopes });
      const authProvider = new MSGraphAuthCodeMSALBrowserAuthProvider.AuthCodeMSALBrowserAuthenticationProvider(app, {
        account: answer.account,
        scopes,
        interactionType: msal.InteractionType.Redirect,
      });
      globalThis.client = MicrosoftGraph.Client.initWithMiddleware({
        authProvider,
        baseUrl: `${sandboxUrl}/`,
        customHosts: new Set([url.hostname]),
      });
    }, [clientId, `${sandboxUrl}/${tenant}`, sandboxUrl, SCOPES]);
  await setUp();
  await signInAsAdele(page);
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await setUp();
  await sandbox.forgetRequests();
  return page;
}

test("pages are followed to the end", async (t) => {
  const page = await start(t);
  const { paged, whole } = await page.evaluate(async () => {
    const week = () => client.api("/me/calendarView").query(`startDateTime=${from}&endDateTime=${to}`).header("Prefer", 'outlook.timezone="Pacific Standard Time"').select("subject,start");
    const monday = new Date();
    monday.setUTCHours(0, 0, 0, 0);
    monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
    const from = monday.toISOString();
    const to = new Date(monday.getTime() + 28 * 86_400_000).toISOString();
    const paged = [];
    const options = { headers: { Prefer: 'outlook.timezone="Pacific Standard Time"' } };
    const iterator = new MicrosoftGraph.PageIterator(client, await week().top(7).get(), (event) => Boolean(paged.push(event)), options);
    await iterator.iterate();
    return { paged, whole: (await week().top(999).get()).value };
  });
  assert.ok(whole.length > 21, `${whole.length} events`);
  assert.deepEqual(paged.map(({ id }) => id), whole.map(({ id }) => id));
  assert.ok(paged.every(({ start }) => start.timeZone === "Pacific Standard Time"), JSON.stringify(paged.at(-1)));
  const asked = await sandbox.requests("/v1.0/me/calendarView");
  assert.equal(asked.length, Math.ceil(whole.length / 7) + 1);
});

test("a batch is answered part by part, in the order that it asks for", async (t) => {
  const page = await start(t);
  const parts = await page.evaluate(async () => {
    const event = { subject: "In a batch", start: { dateTime: "2026-12-01T09:00:00", timeZone: "UTC" }, end: { dateTime: "2026-12-01T10:00:00", timeZone: "UTC" } };
    const content = new MicrosoftGraph.BatchRequestContent([
      { id: "1", request: new Request("/me", { method: "GET" }) },
      { id: "2", request: new Request("/me/events", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(event) }), dependsOn: ["1"] },
      { id: "3", request: new Request("/me/nothing", { method: "GET" }), dependsOn: ["2"] },
      { id: "4", request: new Request("/me/calendar", { method: "GET" }), dependsOn: ["3"] },
    ]);
    const answer = new MicrosoftGraph.BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
    const read = async (id) => ({ status: answer.getResponseById(id).status, body: await answer.getResponseById(id).json() });
    return { me: await read("1"), made: await read("2"), nothing: await read("3"), late: await read("4") };
  });
  assert.deepEqual([parts.me.status, parts.me.body.displayName], [200, "Adele Vance"]);
  assert.deepEqual([parts.made.status, parts.made.body.subject], [201, "In a batch"]);
  assert.equal(parts.nothing.status, 501);
  assert.equal(parts.late.status, 424, "it depends on one that failed");
  assert.ok((await sandbox.events(adele.name)).some(({ subject }) => subject === "In a batch"));
});

test("a large file goes up in parts and comes down whole", async (t) => {
  const page = await start(t);
  const { progress, name, size, same } = await page.evaluate(async () => {
    const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
    const session = await MicrosoftGraph.LargeFileUploadTask.createUploadSession(client, "/me/drive/root:/large.bin:/createUploadSession", {
      item: { "@microsoft.graph.conflictBehavior": "replace" },
    });
    const progress = [];
    const file = new MicrosoftGraph.FileUpload(new Blob([bytes]), "large.bin", bytes.byteLength);
    const task = new MicrosoftGraph.LargeFileUploadTask(client, file, session, {
      rangeSize: 320 * 1024,
      uploadEventHandlers: { progress: ({ minValue }) => progress.push(minValue) },
    });
    const { responseBody } = await task.upload();
    const down = new Uint8Array(await client.api("/me/drive/root:/large.bin:/content").responseType("arraybuffer").get());
    return { progress, name: responseBody.name, size: responseBody.size, same: down.length === bytes.length && down.every((byte, index) => byte === bytes[index]) };
  });
  assert.deepEqual([name, size, same], ["large.bin", 1_000_000, true]);
  assert.deepEqual(progress, [0, 327_680, 655_360, 983_040]);
  const parts = (await sandbox.requests("/files/upload/")).map(({ headers, status }) => [headers["content-range"], status]);
  assert.deepEqual(parts, [
    ["bytes 0-327679/1000000", 202],
    ["bytes 327680-655359/1000000", 202],
    ["bytes 655360-983039/1000000", 202],
    ["bytes 983040-999999/1000000", 201],
  ]);
});

test("after a 429 it waits as long as it is told", async (t) => {
  const page = await start(t);
  await sandbox.faults({ match: { path: "/v1.0/me", times: 2 }, act: { throttle: { retryAfter: 1 } } });
  assert.equal(await page.evaluate(async () => (await client.api("/me").get()).displayName), "Adele Vance");
  const asked = await sandbox.requests("/v1.0/me");
  assert.deepEqual(asked.map(({ status }) => status), [429, 429, 200]);
  for (const [earlier, later] of [[asked[0], asked[1]], [asked[1], asked[2]]]) {
    assert.ok(later.sinceStartMs - earlier.sinceStartMs >= 990, JSON.stringify(asked));
  }
});

test("an event is made, changed and removed, and errors have their code", async (t) => {
  const page = await start(t);
  const seen = await page.evaluate(async () => {
    const at = (hour) => ({ dateTime: `2026-12-02T${hour}:00:00`, timeZone: "Europe/Berlin" });
    const made = await client.api("/me/events").post({ subject: "Made", start: at("09"), end: at("10") });
    const changed = await client.api(`/me/events/${made.id}`).patch({ subject: "Changed" });
    await client.api(`/me/events/${made.id}`).delete();
    const refused = (request) => request.then(() => undefined, ({ statusCode, code, requestId }) => ({ statusCode, code, id: Boolean(requestId) }));
    return {
      changed: changed.subject,
      gone: await refused(client.api(`/me/events/${made.id}`).get()),
      forbidden: await refused(client.api("/me/messages").get()),
    };
  });
  assert.equal(seen.changed, "Changed");
  assert.deepEqual(seen.gone, { statusCode: 404, code: "ErrorItemNotFound", id: true });
  assert.deepEqual(seen.forbidden, { statusCode: 403, code: "ErrorAccessDenied", id: true });
});
