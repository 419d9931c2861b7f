// Every member of GraphClient in Chromium against the sandbox, by the values that come back and by what the mailbox then holds.
// Megan is signed in, who is an administrator and so may agree to everything.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { configuration, eventually, launch, openPage, people, sandbox, sandboxUrl, serve, signIn } from "./support.mjs";

const MEGAN = "meganb@contoso.onmicrosoft.com";
const ADELE = "adelev@contoso.onmicrosoft.com";
const FEATURES = [
  "profile", "calendar-write", "scheduling", "shared-calendars", "people", "users", "rooms", "mail-write", "mail-send", "contacts-write",
  "files-write", "groups",
];

let site, browser, page, problems;
before(async () => {
  await sandbox.reset();
  [site, browser] = await Promise.all([serve(), launch()]);
  ({ page, problems } = await openPage(browser, site.url));
  const config = configuration({ features: FEATURES, scopes: [...(await page.evaluate((features) => convoke.scopesFor(features).map(({ scope }) => scope), FEATURES)), "MailboxSettings.ReadWrite"] });
  await signIn(page, people.megan, config);
  await page.evaluate((baseUrl) => {
    globalThis.client = convoke.createClient({ session, baseUrl, timeZone: "UTC" });
    /** What an error says, since it cannot leave the page whole. */
    globalThis.refused = (promise) =>
      promise.then(
        (value) => ({ resolved: value }),
        (error) => ({ ours: error instanceof convoke.ConvokeError, ...error, message: error.message }),
      );
    globalThis.at = (day, time) => ({ dateTime: `2026-12-${day}T${time}:00`, timeZone: "Europe/Berlin" });
  }, sandboxUrl);
});
after(async () => {
  await browser?.close();
  site?.close();
});

/** Runs a function in the page, where `client` is. */
const run = (work, argument) => page.evaluate(work, argument);

test("me, users, photo, people", async () => {
  const found = await run(async () => {
    const photo = await client.users.photo("me");
    return {
      me: await client.me({ select: ["displayName", "mail"] }),
      adele: await client.users.get("adelev@contoso.onmicrosoft.com"),
      search: await client.users.list({ search: "adele", top: 5 }).all(),
      filter: await client.users.list({ filter: "startswith(displayName,'Alex')" }).all(),
      photo: photo && { size: photo.size, type: photo.type, blob: photo instanceof Blob },
      people: await client.people.list({ search: "Adele", top: 3 }).all(3),
    };
  });
  assert.deepEqual([found.me.displayName, found.me.mail?.toLowerCase()], ["Megan Bowen", MEGAN]);
  assert.equal("jobTitle" in found.me, false, "only what was selected");
  assert.equal(found.adele.displayName, "Adele Vance");
  assert.ok(found.search.some(({ displayName }) => displayName === "Adele Vance"), JSON.stringify(found.search));
  assert.ok(found.filter.length > 0 && found.filter.every(({ displayName }) => displayName.startsWith("Alex")));
  assert.ok(found.photo === null || (found.photo.blob && found.photo.size > 0 && found.photo.type.startsWith("image/")), JSON.stringify(found.photo));
  assert.ok(found.people.some(({ displayName }) => displayName === "Adele Vance"), JSON.stringify(found.people));
});

test("rooms and groups", async () => {
  const found = await run(async () => {
    const lists = await client.rooms.lists().all();
    const groups = await client.groups.list({ top: 2 }).all();
    return {
      lists,
      rooms: await client.rooms.list().all(),
      listed: await client.rooms.list({ roomList: lists[0].emailAddress }).all(),
      groups,
      group: await client.groups.get(groups[0].id),
      members: await client.groups.members(groups[0].id).all(),
      transitive: await client.groups.members(groups[0].id, { transitive: true }).all(),
    };
  });
  assert.ok(found.lists.length > 0 && found.rooms.length >= found.listed.length && found.listed.length > 0);
  assert.ok(found.rooms.every(({ emailAddress }) => emailAddress.includes("@")));
  assert.equal(found.group.displayName, found.groups[0].displayName);
  assert.ok(found.members.length > 0 && found.transitive.length >= found.members.length);
});

test("calendars and calendar groups are made, changed, listed and removed", async () => {
  const seen = await run(async () => {
    const group = await client.calendarGroups.create({ name: "A group" });
    const renamedGroup = await client.calendarGroups.update(group.id, { name: "Another group" });
    const calendar = await client.calendars.create({ name: "A calendar" });
    const renamed = await client.calendars.update(calendar.id, { name: "Another calendar" });
    const names = (await client.calendars.list().all()).map(({ name }) => name);
    const read = await client.calendars.get(calendar.id);
    const groups = (await client.calendarGroups.list().all()).map(({ name }) => name);
    const inside = await client.calendarGroups.calendars(group.id).all();
    const removed = await client.calendars.delete(calendar.id);
    await client.calendarGroups.delete(group.id);
    return {
      renamedGroup: renamedGroup.name, renamed: renamed.name, names, read: read.name, groups, inside, removed: removed === undefined,
      gone: await refused(client.calendars.get(calendar.id)),
      left: (await client.calendarGroups.list().all()).map(({ name }) => name),
    };
  });
  assert.deepEqual([seen.renamedGroup, seen.renamed, seen.read, seen.removed], ["Another group", "Another calendar", "Another calendar", true]);
  assert.ok(seen.names.includes("Another calendar") && seen.groups.includes("Another group") && !seen.left.includes("Another group"));
  assert.ok(Array.isArray(seen.inside));
  assert.deepEqual([seen.gone.ours, seen.gone.code, seen.gone.status], [true, "not-found", 404]);
});

test("events are listed, page by page and by for await, and a limit is told", async () => {
  const found = await run(async () => {
    const window = { start: "2026-11-16T00:00:00Z", end: "2026-11-30T00:00:00Z" };
    const all = await client.events.list(window).all();
    const pages = client.events.list({ ...window, top: 3 });
    const first = await pages.page();
    const [second, third] = await Promise.all([pages.page(), pages.page()]);
    const streamed = [];
    for await (const event of client.events.list({ ...window, top: 4 })) streamed.push(event.id);
    const limited = client.events.list(window);
    const two = await limited.all(2);
    const stored = await client.events.list({ filter: "subject eq 'Marketing weekly'", orderBy: "subject", top: 5 }).all(5);
    const other = await client.events.list({ ...window, timeZone: "Tokyo Standard Time", select: ["subject", "start"] }).all(1);
    return {
      all: all.map(({ id }) => id), subjects: all.map(({ subject }) => subject), first: first.items.map(({ id }) => id), next: first.next,
      later: [...second.items, ...third.items].map(({ id }) => id), streamed, two: two.length, incomplete: limited.incomplete,
      stored: stored.map(({ subject, type }) => [subject, type]), zone: other[0].start.timeZone, members: Object.keys(other[0]),
    };
  });
  assert.ok(found.all.length > 9 && found.subjects.includes("Marketing weekly"), found.subjects.join());
  assert.deepEqual([...found.first, ...found.later], found.all.slice(0, 9), "two who ask at once get two pages");
  assert.equal(found.next, true);
  assert.deepEqual(found.streamed, found.all);
  assert.deepEqual([found.two, found.incomplete], [2, "limit"]);
  assert.deepEqual(found.stored, [["Marketing weekly", "seriesMaster"]]);
  assert.equal(found.zone, "Tokyo Standard Time");
  assert.ok(!found.members.includes("attendees"), found.members.join());
});

test("an event is booked once, read, changed under its etag and deleted", async () => {
  await sandbox.forgetRequests();
  // The answer to the first try is lost, though the event was made.
  await sandbox.faults({ match: { method: "POST", path: "/v1.0/me/events", times: 1 }, act: { perform: true, drop: "beforeResponse" } });
  const seen = await run(async () => {
    const made = await client.events.create({ subject: "Booked once", start: at("01", "09:00"), end: at("01", "10:00") });
    const read = await client.events.get(made.id);
    const etag = read["@odata.etag"];
    const changed = await client.events.update(made.id, { subject: "Moved" }, { etag });
    const stale = await refused(client.events.update(made.id, { subject: "Too late" }, { etag }));
    const kept = await client.events.delete(made.id, { etag }).catch(({ code }) => code);
    await client.events.delete(made.id, { etag: changed["@odata.etag"] });
    return { made: made.subject, id: made.id, changed: changed.subject, stale, kept, gone: await refused(client.events.get(made.id)) };
  });
  await sandbox.noFaults();
  assert.deepEqual([seen.made, seen.changed], ["Booked once", "Moved"]);
  assert.deepEqual([seen.stale.code, seen.stale.status, seen.stale.retryable], ["precondition-failed", 412, false]);
  assert.equal(seen.kept, "precondition-failed");
  assert.equal(seen.gone.code, "not-found");
  const posts = (await sandbox.requests("/v1.0/me/events")).filter(({ method }) => method === "POST");
  assert.equal(posts.length, 2);
  assert.equal(posts[0].body.transactionId, posts[1].body.transactionId, "so that Graph knows it again");
  assert.match(posts[0].body.transactionId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("an event goes into the calendar that is named", async () => {
  const found = await run(async () => {
    const calendar = await client.calendars.create({ name: "Projects" });
    const made = await client.events.create({ subject: "Elsewhere", start: at("02", "09:00"), end: at("02", "10:00") }, { calendar: calendar.id });
    const window = { start: "2026-12-02T00:00:00Z", end: "2026-12-03T00:00:00Z" };
    const there = await client.events.list({ ...window, calendar: calendar.id }).all();
    const here = await client.events.list(window).all();
    await client.calendars.delete(calendar.id);
    return { there: there.map(({ id }) => id), here: here.map(({ id }) => id), id: made.id };
  });
  assert.deepEqual(found.there, [found.id]);
  assert.ok(!found.here.includes(found.id));
});

test("invitations are answered, meetings cancelled and forwarded", async () => {
  const seen = await run(async (adele) => {
    const attendees = [{ emailAddress: { address: adele }, type: "required" }];
    const own = await client.events.create({ subject: "To be cancelled", start: at("03", "09:00"), end: at("03", "10:00"), attendees });
    await client.events.forward(own.id, ["alexw@contoso.onmicrosoft.com"], { comment: "Join us" });
    await client.events.cancel(own.id, { comment: "Not needed" });
    const window = { start: "2026-11-16T00:00:00Z", end: "2026-12-31T00:00:00Z" };
    const invited = (await client.events.list(window).all()).filter(({ isOrganizer, responseRequested, type }) => !isOrganizer && responseRequested && type === "singleInstance");
    const slot = { start: at("04", "09:00"), end: at("04", "09:30") };
    const answers = [];
    for (const [index, response] of ["accept", "tentativelyAccept", "decline"].entries()) {
      const event = invited[index % invited.length];
      const options = response === "accept" ? { comment: "Yes" } : { comment: "Later?", sendResponse: true, ...(event.allowNewTimeProposals && { proposedNewTime: slot }) };
      answers.push(await refused(client.events.respond(event.id, response, options)));
      if (response === "accept") answers.push((await client.events.get(event.id)).responseStatus.response);
    }
    return { invited: invited.length, answers, own: await refused(client.events.respond(own.id, "accept")), bad: await refused(client.events.respond(own.id, "maybe")) };
  }, ADELE);
  assert.ok(seen.invited > 0);
  assert.deepEqual(seen.answers[1], "accepted");
  assert.ok(seen.answers.every((answer) => typeof answer === "string" || "resolved" in answer), JSON.stringify(seen.answers));
  assert.equal(seen.own.ours, true, "the organizer has nothing to answer");
  assert.deepEqual([seen.bad.code, seen.bad.message.includes("`response`")], ["invalid-request", true]);
  const asked = (await sandbox.requests("/v1.0/me/events/")).filter(({ method }) => method === "POST").map(({ path, body }) => [path.split("/").pop(), body]);
  assert.ok(asked.some(([action, body]) => action === "forward" && body.toRecipients[0].emailAddress.address === "alexw@contoso.onmicrosoft.com"), JSON.stringify(asked));
  assert.ok(asked.some(([action, body]) => action === "cancel" && body.comment === "Not needed"));
  const adeles = await sandbox.events(ADELE);
  assert.ok(!adeles.some(({ subject, isCancelled }) => subject === "To be cancelled" && !isCancelled), "the cancellation arrived");
});

test("a series has instances, reminders are snoozed and dismissed, attachments listed", async () => {
  const seen = await run(async () => {
    const recurrence = { pattern: { type: "daily", interval: 1 }, range: { type: "numbered", startDate: "2026-12-07", numberOfOccurrences: 3 } };
    const series = await client.events.create({ subject: "Thrice", start: at("07", "09:00"), end: at("07", "09:30"), recurrence, reminderMinutesBeforeStart: 15, isReminderOn: true });
    const window = { start: "2026-12-01T00:00:00Z", end: "2026-12-31T00:00:00Z" };
    const instances = await client.events.instances(series.id, window).all();
    const reminders = await client.events.reminders(window);
    const attachment = { "@odata.type": "#microsoft.graph.fileAttachment", name: "a.txt", contentType: "text/plain", contentBytes: btoa("hello") };
    await client.request(`/me/events/${encodeURIComponent(series.id)}/attachments`, { method: "POST", body: attachment });
    const attachments = await client.events.attachments(series.id).all();
    const snoozed = await refused(client.events.snooze(instances[0].id, at("07", "08:55")));
    const dismissed = await refused(client.events.dismiss(instances[1].id));
    await client.events.delete(series.id);
    return { instances: instances.map(({ start, type }) => [start.dateTime.slice(0, 16), type]), reminders, attachments: attachments.map(({ name }) => name), snoozed, dismissed };
  });
  assert.deepEqual(seen.instances, ["07", "08", "09"].map((day) => [`2026-12-${day}T08:00`, "occurrence"]));
  assert.ok(Array.isArray(seen.reminders) && seen.reminders.some(({ eventSubject }) => eventSubject === "Thrice"), JSON.stringify(seen.reminders.slice(0, 2)));
  assert.deepEqual(seen.attachments, ["a.txt"]);
  assert.ok("resolved" in seen.snoozed && "resolved" in seen.dismissed, JSON.stringify([seen.snoozed, seen.dismissed]));
});

test("free/busy of more people and days than one call takes comes as one answer, in order", async () => {
  await sandbox.forgetRequests();
  const found = await run(async (known) => {
    const users = await client.users.list({ top: 50 }).all(40);
    const others = users.map(({ userPrincipalName }) => userPrincipalName.toLowerCase()).filter((name) => !known.includes(name));
    const schedules = [...known, ...others.slice(0, 27), "nobody@contoso.onmicrosoft.com"];
    const progress = [];
    const window = { start: "2026-11-16T00:00:00Z", end: "2027-01-20T00:00:00Z" };
    const found = await client.getSchedule({ schedules, ...window, intervalMinutes: 60, onProgress: (done, total) => progress.push([done, total]) });
    return { schedules, progress, found };
  }, [MEGAN, ADELE]);
  assert.deepEqual(found.found.map(({ scheduleId }) => scheduleId), found.schedules);
  const digits = 65 * 24;
  const [megan] = found.found;
  assert.equal(megan.availabilityView.length, digits);
  assert.match(megan.availabilityView, /^[0-4]*2[0-4]*$/);
  assert.ok(megan.workingHours.startTime && megan.scheduleItems.length > 0);
  assert.ok(found.found.at(-1).error.message);
  const calls = (await sandbox.requests("/v1.0/me/calendar/getSchedule")).length;
  assert.equal(calls, 4, "two groups of people, two windows");
  assert.deepEqual(found.progress.at(-1), [4, 4]);
});

test("findMeetingTimes and mailbox settings", async () => {
  const seen = await run(async (adele) => {
    const timeSlot = { start: { dateTime: "2026-11-18T08:00:00", timeZone: "UTC" }, end: { dateTime: "2026-11-18T17:00:00", timeZone: "UTC" } };
    const found = await client.findMeetingTimes({ attendees: [{ emailAddress: { address: adele }, type: "required" }], timeConstraint: { timeslots: [timeSlot] }, meetingDuration: "PT30M" });
    const before = await client.mailboxSettings.get();
    const after = await client.mailboxSettings.update({ timeZone: "Tokyo Standard Time" });
    await client.mailboxSettings.update({ timeZone: before.timeZone });
    return { found, before, after, again: await client.mailboxSettings.get({ select: ["timeZone"] }) };
  }, ADELE);
  assert.ok(seen.found.meetingTimeSuggestions.length > 0);
  assert.equal(seen.after.timeZone, "Tokyo Standard Time");
  assert.equal(seen.again.timeZone, seen.before.timeZone);
});

test("messages are sent, listed, answered, drafted, changed and removed", async () => {
  const seen = await run(async (megan) => {
    const toRecipients = [{ emailAddress: { address: megan } }];
    const sent = await client.messages.send({ subject: "To myself", body: { contentType: "text", content: "Hello" }, toRecipients }, { saveToSentItems: true });
    const inbox = await client.messages.list({ folder: "inbox", filter: "subject eq 'To myself'", top: 5 }).all();
    const found = await client.messages.list({ search: "To myself" }).all(5);
    const message = await client.messages.get(inbox[0].id);
    const changed = await client.messages.update(message.id, { isRead: true });
    await client.messages.reply(message.id, "Thanks", { all: true });
    const draft = await client.messages.create({ subject: "A draft", toRecipients });
    const kept = (await client.messages.list({ folder: "drafts", orderBy: "subject" }).all()).map(({ subject }) => subject);
    await client.messages.delete(draft.id);
    return {
      sent: sent === undefined, inbox: inbox.length, found: found.length, body: message.body.content, changed: changed.isRead, kept,
      left: (await client.messages.list({ folder: "drafts" }).all()).map(({ subject }) => subject),
      nobody: await refused(client.messages.send({ subject: "To nobody" })),
    };
  }, MEGAN);
  assert.deepEqual([seen.sent, seen.inbox, seen.changed], [true, 1, true]);
  assert.ok(seen.found > 0 && seen.body.includes("Hello"));
  assert.ok(seen.kept.includes("A draft") && !seen.left.includes("A draft"));
  assert.deepEqual([seen.nobody.code, seen.nobody.message.includes("toRecipients")], ["invalid-request", true]);
});

test("contacts are made, found, changed and removed", async () => {
  const seen = await run(async () => {
    const made = await client.contacts.create({ givenName: "Ada", surname: "Lovelace", displayName: "Ada Lovelace" });
    const changed = await client.contacts.update(made.id, { companyName: "Analytical Engines" });
    const found = await client.contacts.list({ search: "Ada", top: 5 }).all();
    const read = await client.contacts.get(made.id);
    await client.contacts.delete(made.id);
    return { company: changed.companyName, found: found.map(({ displayName }) => displayName), read: read.surname, gone: await refused(client.contacts.get(made.id)) };
  });
  assert.deepEqual([seen.company, seen.read, seen.gone.code], ["Analytical Engines", "Lovelace", "not-found"]);
  assert.ok(seen.found.includes("Ada Lovelace"));
});

test("files go up whole or in parts, are listed, come down and are removed", async () => {
  await sandbox.forgetRequests();
  const seen = await run(async () => {
    await client.request("/me/drive/root/children", { method: "POST", body: { name: "Notes", folder: {} } });
    const small = await client.files.upload("Notes/small.txt", new TextEncoder().encode("hello"));
    const bytes = new Uint8Array(6_000_000).map((_, index) => index % 251);
    const progress = [];
    const large = await client.files.upload("Notes/large.bin", new Blob([bytes], { type: "application/octet-stream" }), { onProgress: (sent, total) => progress.push([sent, total]) });
    const listed = (await client.files.list("Notes").all()).map(({ name }) => name).sort();
    const root = (await client.files.list().all()).map(({ name }) => name);
    const text = await client.files.download("Notes/small.txt");
    const down = new Uint8Array(await (await client.files.download("Notes/large.bin")).arrayBuffer());
    const read = await client.files.get("Notes/small.txt");
    await client.files.delete("Notes/small.txt");
    await client.files.delete("Notes");
    return {
      small: [small.name, small.size], large: large.size, progress, listed, root, text: await text.text(), blob: text instanceof Blob,
      same: down.length === bytes.length && down.every((byte, index) => byte === bytes[index]), read: read.name,
      gone: await refused(client.files.get("Notes/small.txt")), folder: await refused(client.files.download("")),
      wrong: await refused(client.files.upload("a.txt", "text")),
    };
  });
  assert.deepEqual([seen.small, seen.large, seen.listed, seen.text, seen.blob, seen.same, seen.read], [["small.txt", 5], 6_000_000, ["large.bin", "small.txt"], "hello", true, true, "small.txt"]);
  assert.ok(seen.root.includes("Notes"));
  assert.deepEqual(seen.progress.at(-1), [6_000_000, 6_000_000]);
  assert.ok(seen.progress.length > 1 && seen.progress.every(([sent], index) => index === 0 || sent > seen.progress[index - 1][0]));
  assert.deepEqual([seen.gone.code, seen.folder.code, seen.wrong.code], ["not-found", "invalid-request", "invalid-request"]);
  const outside = (await sandbox.requests("/files/")).filter(({ authorized, headers }) => authorized || headers.authorization);
  assert.deepEqual(outside, [], "addresses that stand for a token get none");
});

test("request makes any call, and none elsewhere", async () => {
  const seen = await run(async (sandboxUrl) => ({
    get: await client.request("/me/calendars", { query: { $top: 1, $count: true }, headers: { Prefer: "outlook.timezone=\"Tokyo Standard Time\"" } }),
    made: await client.request("/me/calendars", { method: "post", body: { name: "By request" } }),
    elsewhere: await refused(client.request("https://evil.example/v1.0/me")),
    climbing: await refused(client.request("/../sandbox/requests")),
    double: await refused(client.request("//evil.example/me")),
    method: await refused(client.request("/me", { method: "TRACE" })),
    header: await refused(client.request("/me", { headers: { Authorization: "Bearer x" } })),
    version: await refused(client.request("/me", { version: "v2.0" })),
    link: await client.request(`${sandboxUrl}/v1.0/me`),
    removed: await client.request(`/me/calendars/${encodeURIComponent((await client.calendars.list().all()).find(({ name }) => name === "By request").id)}`, { method: "DELETE" }),
  }), sandboxUrl);
  assert.equal(seen.get.value.length, 1);
  assert.equal(seen.made.name, "By request");
  assert.equal(seen.link.displayName, "Megan Bowen");
  assert.equal(seen.removed, null);
  assert.equal(seen.elsewhere.code, "host-not-allowed");
  for (const [name, says] of [["climbing", "path"], ["double", "path"], ["method", "`method`"], ["header", "Authorization"], ["version", "`version`"]]) {
    assert.deepEqual([seen[name].ours, seen[name].code, seen[name].message.includes(says)], [true, "invalid-request", true], `${name}: ${seen[name].message}`);
  }
  const [asked] = (await sandbox.requests("/v1.0/me/calendars")).filter(({ headers }) => headers.prefer?.includes("Tokyo"));
  assert.ok(asked, "headers of one's own are sent");
});

test("a batch of 25 is two requests, answered in order, failures among them", async () => {
  await sandbox.forgetRequests();
  await sandbox.faults({ match: { method: "GET", path: "/v1.0/me/calendars", times: 1 }, act: { throttle: { retryAfter: 1 } } });
  const seen = await run(async () => {
    const requests = Array.from({ length: 25 }, (_, index) => ({ path: index === 3 ? "/me/events/missing" : index === 5 ? "/me/calendars" : "/me?$select=displayName" }));
    const answers = await client.batch(requests);
    return { answers: answers.map((answer) => (answer instanceof convoke.ConvokeError ? answer.code : [answer.status, answer.body.displayName ?? answer.body.value.length > 0])), bad: await refused(client.batch([{ path: "/me" }, {}])) };
  });
  await sandbox.noFaults();
  const expected = Array.from({ length: 25 }, (_, index) => (index === 3 ? "not-found" : index === 5 ? [200, true] : [200, "Megan Bowen"]));
  assert.deepEqual(seen.answers, expected);
  assert.deepEqual([seen.bad.code, seen.bad.message.includes("requests[1].path")], ["invalid-request", true]);
  assert.ok((await sandbox.requests("/v1.0/$batch")).length >= 2);
});

test("a watch is silent at first, then tells what changes, and goes on from its checkpoint", async () => {
  const start = () =>
    run(async () => {
      globalThis.told = [];
      globalThis.watch = client.watch({ resource: "events", start: "2026-12-01T00:00:00Z", end: "2026-12-31T00:00:00Z", intervalMs: 5000, resume: globalThis.checkpoint });
      for (const name of ["created", "updated", "deleted", "error", "checkpoint"]) {
        watch.addEventListener(name, ({ detail }) => {
          if (name === "checkpoint") globalThis.checkpoint = detail;
          told.push([name, detail.subject ?? detail.code ?? detail.id]);
        });
      }
    });
  const told = () => run(() => globalThis.told);
  await start();
  await eventually(told, (list) => list.some(([name]) => name === "checkpoint"), 20_000);
  assert.deepEqual((await told()).filter(([name]) => name !== "checkpoint"), []);
  const id = await run(async () => (await client.events.create({ subject: "Watched", start: at("10", "09:00"), end: at("10", "10:00") })).id);
  await eventually(told, (list) => list.some(([name, subject]) => name === "created" && subject === "Watched"), 20_000);
  await run(() => watch.stop());
  await run((id) => client.events.delete(id), id);
  await start();
  await eventually(told, (list) => list.some(([name, what]) => name === "deleted" && what === id), 20_000);
  await run(() => watch.stop());
  const wrong = await run(() => {
    try {
      client.watch({ resource: "contacts" });
    } catch (error) {
      return [error instanceof convoke.ConvokeError, error.code, error.message.includes("`resource`")];
    }
  });
  assert.deepEqual(wrong, [true, "invalid-request", true]);
});

test("every call can be given up, and names what is wrong with its arguments", async () => {
  await sandbox.faults({ match: { path: "/v1.0/me", times: 2 }, act: { delayMs: 20_000 } });
  const seen = await run(async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const began = performance.now();
    const aborted = await refused(client.me({ signal: controller.signal }));
    const took = performance.now() - began;
    return {
      aborted, took, before: await refused(client.calendars.list({ signal: AbortSignal.abort() }).all()),
      id: await refused(client.events.get()), number: await refused(client.events.get(7)), empty: await refused(client.users.get(" ")),
      window: await refused(client.events.list({ start: "2026-11-16", end: "2026-11-17" }).page()), top: await refused(client.people.list({ top: 0 }).all()),
      body: await refused(client.contacts.create("Ada")), circle: await refused((() => { const body = {}; body.body = body; return client.contacts.create(body); })()),
      schedules: await refused(client.getSchedule({ start: "2026-11-16T00:00:00Z", end: "2026-11-17T00:00:00Z" })),
      signal: await refused(client.me({ signal: true })), limit: await refused(client.calendars.list().all(0)),
    };
  });
  await sandbox.noFaults();
  assert.deepEqual([seen.aborted.code, seen.before.code], ["aborted", "aborted"]);
  assert.ok(seen.took < 5000, `${seen.took} ms`);
  for (const [name, says] of [["id", "`id`"], ["number", "`id`"], ["empty", "`id`"], ["window", "start"], ["top", "top"], ["body", "body"], ["circle", "options"], ["schedules", "`schedules`"], ["signal", "`signal`"], ["limit", "`limit`"]]) {
    assert.deepEqual([seen[name].ours, seen[name].code, seen[name].message?.includes(says)], [true, "invalid-request", true], `${name}: ${JSON.stringify(seen[name])}`);
    assert.ok(seen[name].advice, name);
  }
});

test("the self-test tells what works, without a token in it", async () => {
  const found = await run(async () => {
    const { checks, text } = await convoke.diagnose(client, { features: ["profile", "calendar-read", "people"] });
    return { checks, text, token: await session.getToken({ scopes: ["User.Read"] }) };
  });
  assert.ok(found.checks.length > 6 && found.checks.every(({ outcome }) => ["pass", "skipped"].includes(outcome)), JSON.stringify(found.checks));
  for (const { id, title, detail, durationMs } of found.checks) assert.ok(id && title && detail && durationMs >= 0);
  assert.ok(found.text.includes(found.checks[0].title) && !found.text.includes(found.token.slice(0, 20)));
});

test("nothing went wrong in the page meanwhile", () => {
  assert.deepEqual(problems, []);
});
