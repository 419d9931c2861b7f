// Uses every member of the package's declarations as a host would, under `tsc --strict`. It is compiled, never run.

import init, {
  adminConsentUrl, availabilityView, ConvokeError, createClient, createSession, diagnose, expandRecurrence, lintScopes, rankSlots, scopesFor,
  timeZone, toICalendar, toInstant,
} from "convoke";
import type {
  Account, AccountType, AppConfig, CallOptions, ClientOptions, Cloud, DateTimeTimeZone, Diagnosis, ErrorCode, EventResponse, Feature, FreeBusy,
  GraphClient, Pages, RankAttendee, RankRequest, RankResult, ReasonCode, ScheduleInformation, Session, SessionConfig, Suggestion, TokenProvider,
  Watch, WorkingHours,
} from "convoke";

type Json = Record<string, unknown>;

export async function loading(bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module): Promise<void> {
  await init();
  await init({});
  for (const source of ["convoke.wasm", new URL("https://cdn.example/convoke.wasm"), new Response(), new Request("https://cdn.example"), bytes, module]) {
    await init({ module: source });
  }
}

export function errors(error: unknown): string {
  if (!(error instanceof ConvokeError)) throw error;
  const code: ErrorCode = error.code;
  const status: number | undefined = error.status;
  const graphCode: string | undefined = error.graphCode;
  const aadsts: number | undefined = error.aadsts;
  const requestId: string | undefined = error.requestId;
  const retryAfter: number | undefined = error.retryAfter;
  const retryable: boolean = error.retryable;
  const advice: string = error.advice;
  return [error.name, error.message, code, status, graphCode, aadsts, requestId, retryAfter, retryable, advice].join();
}

const features: Feature[] = [
  "profile", "calendar-read", "calendar-write", "scheduling", "shared-calendars", "people", "users", "rooms", "mail-read", "mail-write",
  "mail-send", "shared-mail", "contacts", "contacts-write", "files", "files-write", "groups", "settings",
];
const accountTypes: AccountType[] = ["common", "organizations", "consumers", { tenant: "contoso.com" }];
const clouds: Cloud[] = ["global", "us-government", "us-government-dod", "china"];
const config: SessionConfig = {
  clientId: "id", accountType: accountTypes[0] ?? "common", cloud: clouds[0] ?? "global", authority: "https://login.example", protocol: "oidc", redirectUri: "https://app.example/",
  postLogoutRedirectUri: "https://app.example/bye", features, scopes: ["User.Read"], cache: "session", loginHint: "a@b", domainHint: "b",
};
export const app: AppConfig = {
  ...config, cache: "memory", protocol: "entra", graphBaseUrl: "https://graph.example", graphHosts: ["graph.example"], mailbox: "me", locale: "de", timeZone: "UTC", theme: "auto",
};

export async function identity(signal: AbortSignal): Promise<Session> {
  const session: Session = createSession(config);
  const started = await session.start();
  const state: string | undefined = started?.state;
  const account: Account = await session.signIn({ popup: true, prompt: "select_account", features, scopes: ["Tasks.Read"], loginHint: "a", state: state ?? "", signal });
  const { id, username, name, tenantId, objectId, active } = account;
  session.addEventListener("signin", (event) => console.log((event as CustomEvent<Account>).detail, id, username, name, tenantId, objectId, active));
  const token: string = await session.getToken({ scopes: ["User.Read"], claims: "{}", account: id, signal });
  const current: Account | null = session.account;
  session.setActiveAccount(session.accounts[0]?.id ?? current?.id ?? token);
  await session.signOut();
  await session.signOut({ account: id, everywhere: true });
  for (const { scope, feature, adminConsent } of scopesFor(features)) console.log(scope, feature satisfies Feature, adminConsent);
  for (const { scope, problem, suggestion } of lintScopes(["Groups.Read.All"], features)) console.log(scope, problem, suggestion?.length);
  lintScopes([]);
  console.log(adminConsentUrl(config).length);
  return session;
}

export function clients(session: Session): GraphClient[] {
  const tokenProvider: TokenProvider = async ({ scopes, claims, reason }) => [...scopes, claims ?? "", reason].join();
  const options: ClientOptions = { tokenProvider, baseUrl: "https://graph.example", allowedHosts: ["files.example"], mailbox: "room@contoso.com", timeZone: "Europe/Berlin", maxConcurrency: 4, timeoutMs: 30_000, maxRetries: 3 };
  return [createClient({ session }), createClient(options)];
}

async function pages<T>(list: Pages<T>): Promise<T[]> {
  const { items, next } = await list.page();
  if (next) for await (const item of list) items.push(item);
  const incomplete: "limit" | "loop" | undefined = list.incomplete;
  return incomplete ? items : [...(await list.all()), ...(await list.all(10))];
}

export async function directory(client: GraphClient, signal: AbortSignal): Promise<void> {
  const o: CallOptions = { signal, timeZone: "UTC", select: ["id"] };
  const me: Json = await client.me(o);
  await pages(client.users.list({ search: "a", filter: "b", top: 5, ...o }));
  const user: Json = await client.users.get("id", o);
  const photo: Blob | null = await client.users.photo("id", o);
  await pages(client.people.list({ search: "a", top: 5, ...o }));
  await pages(client.rooms.list({ roomList: "b1@contoso.com", ...o }));
  await pages(client.rooms.lists(o));
  await pages(client.groups.list({ search: "a", filter: "b", top: 1, ...o }));
  await client.groups.get("id", o);
  await pages(client.groups.members("id", { transitive: true, ...o }));
  console.log(me, user, photo?.size);
}

export async function calendar(client: GraphClient, o: CallOptions, at: DateTimeTimeZone): Promise<void> {
  await pages(client.calendars.list(o));
  await client.calendars.get("id", o);
  await client.calendars.create({ name: "a" }, o);
  await client.calendars.update("id", { name: "b" }, o);
  await client.calendars.delete("id", o);
  await pages(client.calendarGroups.list(o));
  await client.calendarGroups.create({ name: "a" }, o);
  await client.calendarGroups.update("id", { name: "b" }, o);
  await client.calendarGroups.delete("id", o);
  await pages(client.calendarGroups.calendars("id", o));
  await pages(client.events.list({ start: "s", end: "e", calendar: "c", group: "g", filter: "f", orderBy: "o", top: 5, ...o }));
  await client.events.get("id", o);
  await client.events.create({ subject: "a", start: at, end: at }, { calendar: "c", ...o });
  await client.events.update("id", { subject: "b" }, { etag: "e", ...o });
  await client.events.delete("id", { etag: "e", ...o });
  const response: EventResponse = "tentativelyAccept";
  await client.events.respond("id", response, { comment: "c", sendResponse: true, proposedNewTime: { start: at, end: at }, ...o });
  await client.events.cancel("id", { comment: "c", ...o });
  await client.events.forward("id", ["a@b"], { comment: "c", ...o });
  await pages(client.events.instances("id", { start: "s", end: "e", ...o }));
  await client.events.snooze("id", at, o);
  await client.events.dismiss("id", o);
  const reminders: Json[] = await client.events.reminders({ start: "s", end: "e", ...o });
  await pages(client.events.attachments("id", o));
  const found: ScheduleInformation[] = await client.getSchedule({ schedules: ["a@b"], start: "s", end: "e", intervalMinutes: 30, onProgress: (done, total) => console.log(done / total), ...o });
  await client.findMeetingTimes({}, o);
  await client.mailboxSettings.get(o);
  await client.mailboxSettings.update({ timeZone: "UTC" }, o);
  const item = found[0]?.scheduleItems?.[0];
  console.log(reminders, item?.start.dateTime, item?.end.timeZone, item?.status, item?.subject, item?.location, item?.isPrivate, found[0]?.error?.responseCode);
}

export async function mailAndFiles(client: GraphClient, o: CallOptions, bytes: Uint8Array): Promise<void> {
  await pages(client.messages.list({ folder: "inbox", filter: "f", search: "s", orderBy: "o", top: 5, ...o }));
  await client.messages.get("id", o);
  await client.messages.send({ subject: "a" }, { saveToSentItems: false, ...o });
  await client.messages.reply("id", "comment", { all: true, ...o });
  await client.messages.create({}, o);
  await client.messages.update("id", {}, o);
  await client.messages.delete("id", o);
  await pages(client.contacts.list({ search: "s", top: 1, ...o }));
  await client.contacts.get("id", o);
  await client.contacts.create({}, o);
  await client.contacts.update("id", {}, o);
  await client.contacts.delete("id", o);
  await pages(client.files.list());
  await pages(client.files.list("Notes", o));
  await client.files.get("a.txt", o);
  const blob: Blob = await client.files.download("a.txt", o);
  await client.files.upload("a.txt", blob);
  await client.files.upload("a.txt", bytes, { onProgress: (sent, total) => console.log(sent / total), ...o });
  await client.files.delete("a.txt", o);
}

export async function anything(client: GraphClient, o: CallOptions): Promise<void> {
  const answer: unknown = await client.request("/me/todo/lists", { method: "POST", body: {}, headers: { "If-Match": "e" }, query: { $top: 1, a: true, b: "c" }, version: "beta", ...o });
  const answers = await client.batch([{ path: "/me" }, { method: "POST", path: "/me/events", body: {}, headers: {} }], o);
  for (const one of answers) console.log(one instanceof ConvokeError ? one.code : [one.status, one.body], answer);
  const watch: Watch = client.watch({ resource: "events", start: "s", end: "e", intervalMs: 30_000, resume: "checkpoint" });
  client.watch({ resource: "messages", folder: "inbox" });
  watch.addEventListener("checkpoint", (event) => console.log((event as CustomEvent<string>).detail));
  watch.stop();
  const { checks, text }: Diagnosis = await diagnose(client, { features, signal: o.signal ?? new AbortController().signal });
  for (const { id, title, outcome, detail, advice, durationMs } of checks) console.log(id, title, outcome, detail, advice, durationMs, text);
}

export function scheduling(schedule: ScheduleInformation, at: DateTimeTimeZone): Suggestion | undefined {
  const status: FreeBusy = "workingElsewhere";
  const hours: WorkingHours = { daysOfWeek: ["monday"], startTime: "08:00:00", endTime: "17:00:00", timeZone: "UTC" };
  const attendee: RankAttendee = {
    id: "a", kind: "required", busy: [{ start: "s", end: "e", status }], schedule, view: { start: "s", intervalMinutes: 30 }, knownUntil: "u",
    ignore: [{ start: "s", end: "e" }], workingHours: [hours], capacity: 4,
  };
  const request: RankRequest = {
    window: { start: "s", end: "e" }, durationMinutes: 30, stepMinutes: 15, timeZone: "UTC", attendees: [attendee, { id: "b", workingHours: null }], workingHours: "prefer",
    bufferBeforeMinutes: 5, bufferAfterMinutes: 5, quorum: { minRequired: 1, minPercentage: 50 }, allowTentative: true, needsResource: false, maxResults: 5, recurrence: {}, relax: true,
  };
  const { suggestions, emptyReason, almost }: RankResult = rankSlots(request);
  const best = suggestions[0] ?? almost?.[0]?.suggestion;
  const codes: ReasonCode[] = best?.reasons.map(({ code, attendees }) => (attendees.length > 0 ? code : "unknown")) ?? [];
  console.log(emptyReason, codes, almost?.map(({ change: { kind, attendee, minutes } }) => [kind, attendee, minutes]));
  console.log(best?.start, best?.end, best?.score, best?.confidence, best?.resource, best?.attendees.map(({ id, status, outsideHours, minutesOutside, localStart }) => [id, status, outsideHours, minutesOutside, localStart]));
  console.log(schedule.scheduleId, schedule.availabilityView?.length, schedule.workingHours, schedule.error?.message);
  const view: string = availabilityView({ start: "s", end: "e", intervalMinutes: 30, items: [{ start: "s", end: "e", status }] });
  const occurrences: { start: string; end: string }[] = expandRecurrence({ recurrence: {}, start: at, end: at, from: "f", to: "t" });
  const zone = timeZone("Europe/Berlin", "2026-01-01T00:00:00Z") ?? timeZone("UTC");
  const { instant, ambiguous, gap } = toInstant(at);
  console.log(view, occurrences, zone?.iana, zone?.windows, zone?.offsetMinutes, instant, ambiguous, gap, toICalendar({}).length);
  return best;
}
