// What needs neither network nor session, by value: once in Node, once in a page, once in a worker, with the same results.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import init, * as convoke from "../../dist/npm/index.js";
import { launch, openPage, serve } from "./support.mjs";

const busy = (start, end, status = "busy") => ({ start: `2026-11-17T${start}:00Z`, end: `2026-11-17T${end}:00Z`, status });
const DAY = { start: "2026-11-17T08:00:00Z", end: "2026-11-17T12:00:00Z" };
const RANK = {
  window: DAY,
  durationMinutes: 60,
  stepMinutes: 60,
  workingHours: "ignore",
  attendees: [
    { id: "ada", kind: "organizer", busy: [busy("08:00", "09:00")] },
    { id: "bob", busy: [busy("09:30", "10:00", "tentative")] },
    { id: "room", kind: "resource", busy: [busy("10:00", "11:00")] },
  ],
};
const DAILY = { pattern: { type: "daily", interval: 1 }, range: { type: "noEnd", startDate: "2026-10-24" } };
const EVENT = {
  id: "1", iCalUId: "uid-1", subject: "Comma, semicolon; and\nline", isAllDay: false,
  start: { dateTime: "2026-11-17T09:00:00", timeZone: "UTC" }, end: { dateTime: "2026-11-17T10:00:00", timeZone: "UTC" },
};

/** Name, arguments, and what has to hold for the answer. */
const CASES = [
  ["rankSlots", [RANK], ({ suggestions, emptyReason }) => {
    assert.equal(emptyReason, "");
    assert.deepEqual(suggestions.map(({ start }) => start), ["2026-11-17T11:00:00Z", "2026-11-17T09:00:00Z"], "all are free at eleven; at nine Bob is only maybe");
    assert.equal(suggestions[0].resource, "room");
    assert.deepEqual(suggestions[0].reasons.map(({ code }) => code), ["all-free"]);
    assert.deepEqual(suggestions[1].reasons.map(({ code, attendees }) => [code, attendees]), [["tentative", ["bob"]]]);
    assert.ok(suggestions[0].score > suggestions[1].score && suggestions[0].confidence > suggestions[1].confidence);
  }],
  ["rankSlots", [{ ...RANK, attendees: [{ id: "ada", kind: "organizer", busy: [busy("08:00", "12:00")] }, { id: "bob" }], relax: true }], ({ suggestions, emptyReason, almost }) => {
    assert.deepEqual([suggestions, emptyReason], [[], "organizerUnavailable"]);
    assert.ok(Array.isArray(almost));
  }],
  ["availabilityView", [{ ...DAY, intervalMinutes: 30, items: [busy("08:30", "09:00"), busy("09:00", "09:15", "oof"), busy("11:00", "12:00", "tentative")] }], (view) => assert.equal(view, "02300011")],
  ["expandRecurrence", [{ recurrence: DAILY, start: { dateTime: "2026-10-24T09:00:00", timeZone: "Europe/Berlin" }, end: { dateTime: "2026-10-24T10:00:00", timeZone: "Europe/Berlin" }, from: "2026-10-24T00:00:00Z", to: "2026-10-26T00:00:00Z" }], (found) => {
    assert.deepEqual(found.map(({ start }) => new Date(start).toISOString()), ["2026-10-24T07:00:00.000Z", "2026-10-25T08:00:00.000Z"], "nine o'clock, on either side of the clock change");
  }],
  ["timeZone", ["Pacific Standard Time", "2026-07-01T00:00:00Z"], (zone) => assert.deepEqual(zone, { iana: "America/Los_Angeles", windows: "Pacific Standard Time", offsetMinutes: -420 })],
  ["timeZone", ["Asia/Kathmandu", "2026-07-01T00:00:00Z"], (zone) => assert.deepEqual([zone.iana, zone.offsetMinutes], ["Asia/Kathmandu", 345])],
  ["timeZone", ["Middle/Earth"], (zone) => assert.equal(zone, null)],
  ["toInstant", [{ dateTime: "2026-03-29T02:30:00", timeZone: "Europe/Berlin" }], (found) => assert.deepEqual(found, { instant: "2026-03-29T01:30:00Z", ambiguous: false, gap: true })],
  ["toInstant", [{ dateTime: "2026-10-25T02:30:00", timeZone: "W. Europe Standard Time" }], (found) => assert.deepEqual(found, { instant: "2026-10-25T00:30:00Z", ambiguous: true, gap: false })],
  ["toICalendar", [EVENT], (text) => {
    assert.ok(text.startsWith("BEGIN:VCALENDAR\r\n") && text.endsWith("END:VCALENDAR\r\n"));
    assert.ok(text.includes("SUMMARY:Comma\\, semicolon\\; and\\nline\r\n") && text.includes("UID:uid-1\r\n") && text.includes("DTSTART:20261117T090000Z\r\n"), text);
  }],
  ["scopesFor", [["calendar-write", "calendar-read", "rooms"]], (needs) => assert.deepEqual(needs, [
    { scope: "Calendars.ReadWrite", feature: "calendar-write", adminConsent: false },
    { scope: "Place.Read.All", feature: "rooms", adminConsent: true },
  ])],
  ["lintScopes", [["Groups.Read.All", "Calendars.ReadWrite"], ["calendar-read"]], (findings) => {
    assert.deepEqual(findings.find(({ scope }) => scope === "Groups.Read.All"), { scope: "Groups.Read.All", problem: "unknown", suggestion: "Group.Read.All" });
    assert.equal(findings.find(({ scope }) => scope === "Calendars.ReadWrite").problem, "broader-than-needed");
  }],
  ["adminConsentUrl", [{ clientId: "00000000-0000-0000-0000-00000000c0de", accountType: { tenant: "contoso.com" }, redirectUri: "https://app.example/" }], (text) => {
    const url = new URL(text);
    assert.deepEqual([url.host, url.pathname.split("/")[1]], ["login.microsoftonline.com", "contoso.com"]);
    assert.deepEqual([url.searchParams.get("client_id"), url.searchParams.get("redirect_uri")], ["00000000-0000-0000-0000-00000000c0de", "https://app.example/"]);
  }],
];

/** Name, arguments, code, and what the message says. */
const REFUSALS = [
  ["rankSlots", [{}], "invalid-request", "window"],
  ["rankSlots", [{ ...RANK, durationMinutes: 0 }], "invalid-request", "durationMinutes"],
  ["availabilityView", [{ ...DAY, intervalMinutes: 30, items: [{ start: "nine", end: "ten", status: "busy" }] }], "invalid-request", "items[0].start"],
  ["expandRecurrence", [{}], "invalid-request", "recurrence"],
  ["timeZone", [7], "invalid-request", "name"],
  ["toInstant", [{ dateTime: "2026-03-29T02:30:00", timeZone: "Middle/Earth" }], "invalid-request", "timeZone"],
  ["toICalendar", ["event"], "invalid-request", "event"],
  ["scopesFor", [["telepathy"]], "invalid-request", "telepathy"],
  ["lintScopes", ["User.Read"], "invalid-request", "scopes"],
  ["adminConsentUrl", [{ clientId: "x" }], "configuration", "clientId"],
];

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch(), init()]);
});
after(async () => {
  await browser?.close();
  site?.close();
});

test("in Node", () => {
  for (const [name, values, check] of CASES) check(convoke[name](...values));
  for (const [name, values, code, says] of REFUSALS) {
    assert.throws(() => convoke[name](...values), (error) => {
      assert.ok(error instanceof convoke.ConvokeError && error instanceof Error, `${name}: ${error}`);
      assert.deepEqual([error.name, error.code, error.retryable, error.message.includes(says)], ["ConvokeError", code, false, true], `${name}: ${error.message}`);
      return true;
    });
  }
});

test("in a page", async () => {
  const { page, problems } = await openPage(browser, site.url);
  const answers = await page.evaluate((cases) => cases.map(([name, values]) => convoke[name](...values)), CASES.map(([name, values]) => [name, values]));
  CASES.forEach(([, , check], index) => check(answers[index]));
  const refusals = await page.evaluate((cases) => cases.map(([name, values]) => {
    try {
      return convoke[name](...values);
    } catch (error) {
      return [error instanceof convoke.ConvokeError, error.code];
    }
  }), REFUSALS.map(([name, values]) => [name, values]));
  assert.deepEqual(refusals, REFUSALS.map(([, , code]) => [true, code]));
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("in a worker", async () => {
  const { page, problems } = await openPage(browser, site.url);
  const answers = await page.evaluate((cases) => {
    // The host's own affair: the page's policy wants it said.
    const policy = trustedTypes.createPolicy("host", { createScriptURL: (address) => address });
    const worker = new Worker(policy.createScriptURL("/worker.js"), { type: "module" });
    const ask = (name, values) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ name, values });
      });
    return cases.reduce(async (all, [name, values]) => [...(await all), await ask(name, values)], Promise.resolve([]));
  }, CASES.map(([name, values]) => [name, values]));
  CASES.forEach(([, , check], index) => check(answers[index]));
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("init is done once, and the parts of the module are loaded when they are needed", async () => {
  const { page } = await openPage(browser, site.url);
  const wasm = () => site.asked.filter((path) => path.endsWith(".wasm"));
  site.asked.length = 0;
  assert.equal(await page.evaluate(async () => convoke.default() === convoke.default()), true);
  assert.deepEqual(wasm(), []);
  const code = await page.evaluate(() => convoke.createClient({ tokenProvider: async () => "t", baseUrl: "http://127.0.0.1:9", maxRetries: 0 }).me().catch(({ code }) => code));
  assert.equal(code, "network");
  assert.ok(wasm().includes("/convoke/graph.wasm") && !wasm().includes("/convoke/session.wasm"), `${wasm()}`);
  await page.context().close();
});
