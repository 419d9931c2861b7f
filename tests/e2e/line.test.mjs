// The main job from end to end: sign in, see the week, answer an invitation, write an event, find a time for several people, book it.
// What counts is what the sandbox has stored and what went over the wire, not only what the page shows.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { eventually, launch, openApp, sandbox, signIn, adele } from "./support.mjs";

const ALEX = "alexw@contoso.onmicrosoft.com";
const MEGAN = "meganb@contoso.onmicrosoft.com";
const ADELE = "adelev@contoso.onmicrosoft.com";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const path = (request) => request.path.split("?")[0];
const byName = (events, subject) => events.filter((event) => event.subject === subject);
const answerOf = (event, address) =>
  event.attendees.find((attendee) => attendee.emailAddress.address.toLowerCase() === address)?.status.response;

test("signing in proves itself by PKCE and leaves nothing in the address, the storage or the history", async () => {
  const { context, page, problems } = await openApp(browser);
  await page.getByRole("heading", { name: "Connect to Microsoft 365" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("data-session"), "signed-out");
  await signIn(page, adele);
  assert.doesNotMatch(page.url(), /code=|state=|#code/);
  const log = await sandbox.requests();
  const authorize = log.filter((request) => path(request).endsWith("/oauth2/v2.0/authorize"));
  assert.ok(authorize.length >= 1);
  const asked = new URL(authorize[0].path, "http://x").searchParams;
  assert.equal(asked.get("response_type"), "code");
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.ok(asked.get("state").length >= 22, "state holds 128 bits");
  assert.ok(asked.get("nonce"), "a nonce is sent");
  assert.equal(log.filter((request) => path(request).endsWith("/oauth2/v2.0/token")).length, 1, "the code is redeemed once");
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, location.href, document.cookie]));
  assert.doesNotMatch(stored, /eyJ|refresh_token"|access_token|code_verifier/, "no token or verifier is readable where it is stored");
  assert.deepEqual(problems, []);
  await context.close();
});

test("the week is read to its last page, in the viewer's zone", async () => {
  const { context, page, problems } = await openApp(browser, { timezoneId: "Asia/Kathmandu" });
  // Graph gives ten at a time unless asked for more: make it give few, so that there are pages to follow.
  await page.route(/\/calendarView\?/, (route) => route.continue({ url: route.request().url().replace(/(%24|\$)top=\d+/, "%24top=4") }));
  await signIn(page, adele);
  const agenda = page.getByRole("main");
  await agenda.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  const views = (await sandbox.requests()).filter((request) => path(request).endsWith("/calendarView"));
  assert.ok(views.length >= 3, `${views.length} pages were read`);
  const shown = await agenda.getByRole("button", { name: /free|busy|tentative|out of office|working elsewhere/ }).count();
  assert.ok(shown >= 10, `${shown} events are shown`);
  // The daily stand-up of a mailbox in Berlin, seen from Kathmandu: 4 h 45 min later on the clock.
  const stored = await sandbox.events(ADELE);
  const single = stored.find((event) => event.type === "singleInstance" && !event.isAllDay && event.start.dateTime.startsWith("2026-11-18"));
  const local = new Date(`${single.start.dateTime.slice(0, 19)}Z`).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kathmandu" });
  const button = agenda.getByRole("button", { name: new RegExp(`^${RegExp.escape?.(single.subject) ?? single.subject.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}, ${local}`) });
  assert.ok((await button.count()) >= 1, `${single.subject} stands at ${local}`);
  assert.deepEqual(problems, []);
  await context.close();
});

test("previous, next and today move by a week and by the address", async () => {
  const { context, page, problems } = await openApp(browser);
  await signIn(page, adele);
  const heading = page.getByRole("heading", { level: 1 });
  await eventually(() => heading.textContent(), (text) => /16 November/.test(text) && /22 November 2026/.test(text));
  await page.getByRole("button", { name: "Next" }).click();
  await eventually(() => heading.textContent(), (text) => /23 November/.test(text));
  assert.match(page.url(), /date=2026-11-23/);
  await page.goBack();
  await eventually(() => heading.textContent(), (text) => /16 November/.test(text));
  await page.getByRole("button", { name: "Previous" }).click();
  await eventually(() => heading.textContent(), (text) => /9 November/.test(text));
  await page.getByRole("button", { name: "Today" }).click();
  await eventually(() => heading.textContent(), (text) => /16 November/.test(text));
  assert.deepEqual(problems, []);
  await context.close();
});

for (const [button, mine, theirs] of [
  ["Accept", "accepted", "accepted"],
  ["Tentative", "tentativelyAccepted", "tentativelyAccepted"],
  ["Decline", "declined", "declined"],
]) {
  test(`${button} changes the event and the organizer's copy`, async () => {
    const { context, page, problems } = await openApp(browser);
    await signIn(page, adele);
    await page.getByRole("button", { name: /, not answered$/ }).first().click();
    const pane = page.getByRole("dialog");
    const subject = await pane.getByRole("heading").textContent();
    await pane.getByRole("button", { name: button }).click();
    await eventually(() => page.getByRole("status").allTextContents(), (said) => said.join(" ").includes(`“${subject}”`));
    const [invitation] = byName(await sandbox.events(ADELE), subject);
    if (button !== "Decline") assert.equal(invitation.responseStatus.response, mine);
    const organizer = (invitation ?? byName(await sandbox.events(ALEX), subject)[0])?.organizer.emailAddress.address;
    if (organizer) {
      const [original] = byName(await sandbox.events(organizer), subject);
      assert.equal(answerOf(original, ADELE), theirs);
    }
    const answers = (await sandbox.requests()).filter((request) => /\/(accept|tentativelyAccept|decline)$/.test(path(request)));
    assert.equal(answers.length, 1, "one answer went out");
    await pane.getByRole("button", { name: "Close" }).click();
    await pane.waitFor({ state: "detached" });
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test("a new event lands in the calendars of those who are invited", async () => {
  const { context, page, problems } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("button", { name: "New event" }).click();
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).fill("Budget review");
  await editor.getByLabel("Start date").fill("2026-11-19");
  await editor.getByLabel("Start time").fill("16:00");
  await editor.getByLabel("End time").fill("16:45");
  const people = editor.getByRole("combobox", { name: "Attendees" });
  await people.fill("Megan");
  await editor.getByRole("option", { name: /Megan Bowen/ }).click();
  await editor.getByRole("textbox", { name: "Description" }).fill("Numbers & plans <b>as text</b>");
  await editor.getByRole("button", { name: "Send" }).click();
  await editor.waitFor({ state: "detached" });
  for (const mailbox of [ADELE, MEGAN]) {
    const [event] = byName(await sandbox.events(mailbox), "Budget review");
    assert.ok(event, `it is in ${mailbox}`);
    assert.equal(event.start.dateTime.slice(0, 16), "2026-11-19T15:00", "16:00 in Berlin is 15:00 UTC");
    assert.equal(event.end.dateTime.slice(0, 16), "2026-11-19T15:45");
    assert.equal(event.organizer.emailAddress.address, ADELE);
  }
  await page.getByRole("button", { name: /^Budget review, 16:00–16:45/ }).click();
  const pane = page.getByRole("dialog", { name: "Budget review" });
  await pane.getByText("Numbers & plans <b>as text</b>").waitFor();
  const created = (await sandbox.requests()).filter((request) => request.method === "POST" && path(request).endsWith("/events"));
  assert.equal(created.length, 1);
  assert.ok(created[0].body.transactionId, "it can be repeated without booking twice");
  assert.deepEqual(problems, []);
  await context.close();
});

test("the assistant finds a time for several people and books it", async () => {
  const { context, page, problems } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  for (const name of ["Megan Bowen", "Alex Wilber"]) {
    await people.fill(name.split(" ")[0]);
    await page.getByRole("option", { name: new RegExp(name) }).click();
  }
  await page.getByRole("button", { name: "Required, Alex Wilber" }).click();
  await page.getByRole("button", { name: "Optional, Alex Wilber" }).waitFor();
  await page.getByRole("combobox", { name: "Duration" }).selectOption({ label: "1 h" });
  const grid = page.getByRole("grid", { name: "Availability" });
  for (const name of ["All attendees", "You, organizer", "Megan Bowen", "Alex Wilber"]) {
    await grid.getByRole("rowheader", { name }).waitFor();
  }
  const list = page.getByRole("listbox", { name: "Suggested times" });
  const options = list.getByRole("option");
  await eventually(() => options.count(), (count) => count > 2);
  await options.nth(1).click();
  assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
  const name = await options.nth(1).getAttribute("aria-label");
  assert.match(name, /^\w+ \d+ November, \d\d:\d\d–\d\d:\d\d, [\d.]+ %, \S/);
  await page.getByRole("region", { name: "Why this time" }).getByText("Megan Bowen").waitFor();
  await page.getByRole("heading", { name: "Microsoft's suggestions" }).waitFor();
  await page.getByText(/also ours, no\. \d|not among ours/).first().waitFor();

  await page.getByRole("button", { name: "Schedule meeting" }).click();
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).fill("Launch plan");
  await editor.getByRole("button", { name: "Send" }).click();
  await editor.waitFor({ state: "detached" });
  await eventually(() => page.getByRole("status").allTextContents(), (said) => said.join(" ").includes("“Launch plan” is booked. 2 people are invited."));

  const [mine] = byName(await sandbox.events(ADELE), "Launch plan");
  const start = new Date(`${mine.start.dateTime.slice(0, 19)}Z`);
  const local = start.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
  assert.ok(name.includes(`, ${local}–`), `${name} is what was booked (${local})`);
  assert.equal(mine.attendees.find((attendee) => attendee.emailAddress.address === ALEX).type, "optional");
  for (const mailbox of [MEGAN, ALEX]) {
    const [theirs] = byName(await sandbox.events(mailbox), "Launch plan");
    assert.equal(theirs.responseStatus.response, "notResponded", `it waits for an answer in ${mailbox}`);
    assert.equal(theirs.start.dateTime, mine.start.dateTime);
  }
  const log = await sandbox.requests();
  assert.equal(log.filter((request) => request.method === "POST" && path(request).endsWith("/events")).length, 1, "it is booked once");
  assert.ok(log.filter((request) => path(request).endsWith("/getSchedule")).every((request) => request.body.schedules.length <= 20));
  await page.getByRole("link", { name: "Calendar" }).click();
  await page.getByRole("button", { name: /^Launch plan, / }).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test("signing out forgets everything here and ends the session there", async () => {
  const { context, page, problems } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("button", { name: /^NEW|^[A-Z].*, busy/ }).first().waitFor();
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator('[data-session="signed-out"]').waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Sign in with Microsoft" }).waitFor();
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(stored, /adelev|Adele/i);
  assert.ok((await sandbox.requests()).some((request) => path(request).endsWith("/oauth2/v2.0/logout")));
  assert.deepEqual(problems, []);
  await context.close();
});

test("the whole line by keyboard alone", async () => {
  const { context, page, problems } = await openApp(browser);
  await page.getByRole("button", { name: "Sign in with Microsoft" }).focus();
  await signIn(page, adele, { keyboard: true });
  await page.getByRole("link", { name: "Scheduling assistant" }).press("Enter");
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  await people.focus();
  await people.pressSequentially("Megan");
  await page.getByRole("option", { name: /Megan Bowen/ }).waitFor();
  await people.press("Enter");
  const grid = page.getByRole("grid", { name: "Availability" });
  await grid.getByRole("rowheader", { name: "Megan Bowen" }).waitFor();
  const list = page.getByRole("listbox", { name: "Suggested times" });
  await eventually(() => list.getByRole("option").count(), (count) => count > 2);
  await list.focus();
  await list.press("ArrowDown");
  await eventually(() => list.getByRole("option", { selected: true }).count(), (count) => count === 1);
  const cell = grid.locator('[role="gridcell"][tabindex="0"]');
  await cell.focus();
  const said = page.getByRole("status");
  await page.keyboard.press("ArrowRight");
  await eventually(() => said.allTextContents(), (texts) => /\w{3} \d\d:\d\d–\d\d:\d\d: \d of 2 free/.test(texts.join(" ")));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("n");
  await eventually(() => said.allTextContents(), (texts) => /: 2 of 2 free/.test(texts.join(" ")));
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "gridcell", "the focus stays in the grid");
  await page.getByRole("button", { name: "Schedule meeting" }).press("Enter");
  const editor = page.getByRole("dialog", { name: "New event" });
  await editor.getByRole("textbox", { name: "Title" }).waitFor();
  await editor.getByRole("textbox", { name: "Title" }).focus();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await editor.waitFor({ state: "detached" });
  assert.equal(byName(await sandbox.events(MEGAN), "By keyboard").length, 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test("typing asks once for a pause, and one request asks every source", async () => {
  const { context, page } = await openApp(browser);
  await signIn(page, adele);
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  await people.pressSequentially("Johanna", { delay: 20 });
  await page.getByRole("option", { name: /Johanna Lorenz/ }).waitFor();
  const log = await sandbox.requests();
  const searches = log.filter((request) => path(request).endsWith("/$batch") || /\/(people|users)$/.test(path(request)));
  assert.deepEqual(searches.map((request) => path(request)), ["/v1.0/$batch"]);
  assert.equal(searches[0].body.requests.length, 2);
  await context.close();
});
