/**
 * Convoke without interface: sign-in to Entra ID in the browser, Microsoft Graph called directly, and a scheduling engine.
 *
 * Values are plain objects in the shapes that Microsoft Graph has, in its camelCase; members that Graph sent and this file does not name are
 * kept. Instants are ISO 8601 texts with an offset or `Z`. A time zone may be named as IANA has it (`Europe/Berlin`) or as Windows does
 * (`W. Europe Standard Time`). Every asynchronous call takes an `AbortSignal`. Whatever fails, fails with a {@link ConvokeError}; an
 * argument of the wrong kind is `invalid-request` (in a configuration `configuration`), and the message names it.
 *
 * @packageDocumentation
 */

/**
 * Loads the wasm and makes it ready, once for each page, worker or process: a later call returns the same promise. Wait for it before
 * anything else of this module is called. Importing the module does nothing, so that it may stand in code that a server renders.
 *
 * @param input.module - where the wasm is, or the wasm itself; without it, `convoke.wasm` beside this module.
 * @throws ConvokeError `network` or `configuration` where it cannot be had or run; the call may then be repeated.
 */
export default function init(input?: { module?: RequestInfo | URL | Response | BufferSource | WebAssembly.Module }): Promise<void>;

// ───────────────────────────── errors ─────────────────────────────

/** Why something failed. */
export type ErrorCode =
  | "aborted" | "offline" | "network" | "timeout"
  | "unauthorized" | "forbidden" | "consent-required" | "admin-consent-required" | "claims-challenge"
  | "interaction-required" | "interaction-in-progress" | "popup-blocked" | "user-cancelled" | "state-mismatch" | "nonce-mismatch"
  | "session-expired" | "configuration"
  | "not-found" | "conflict" | "precondition-failed" | "gone" | "throttled" | "unavailable"
  | "invalid-request" | "invalid-response" | "unsupported-account" | "too-large" | "host-not-allowed";

/** The one error of this module. Neither its message nor any member ever holds a token. */
export class ConvokeError extends Error {
  /** Why; the one member to branch on. */
  readonly code: ErrorCode;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** The most exact `error.code` that Graph gave, or Entra's `error`. */
  readonly graphCode?: string;
  /** The number in Entra's `AADSTS50011`. It chooses texts; never branch on it. */
  readonly aadsts?: number;
  /** What Microsoft's support finds the request by. */
  readonly requestId?: string;
  /** How long to wait, in seconds, where the server said so. */
  readonly retryAfter?: number;
  /** Whether the same call may succeed later, unchanged. The client has repeated it already as often as it may. */
  readonly retryable: boolean;
  /** What the person or the developer can do, in one sentence. */
  readonly advice: string;
}

// ───────────────────────────── identity ─────────────────────────────

/** Who may sign in: everybody, work and school accounts, personal accounts, or one directory by its id or a domain of it. */
export type AccountType = "common" | "organizations" | "consumers" | { tenant: string };

/** Which of Microsoft's clouds. */
export type Cloud = "global" | "us-government" | "us-government-dod" | "china";

/** What the page wants to do. {@link scopesFor} says which permissions that takes. */
export type Feature =
  | "profile" | "calendar-read" | "calendar-write" | "scheduling" | "shared-calendars" | "people" | "users" | "rooms"
  | "mail-read" | "mail-write" | "mail-send" | "shared-mail" | "contacts" | "contacts-write" | "files" | "files-write" | "groups" | "settings";

/** How to sign in. The registration has to be of the platform "single-page application"; no secret belongs here. */
export interface SessionConfig {
  /** The application (client) ID of the registration. */
  clientId: string;
  /** Default: `"organizations"`. */
  accountType?: AccountType;
  /** Default: `"global"`. */
  cloud?: Cloud;
  /** The issuer or authority URL of another provider: https, or http on loopback. */
  authority?: string;
  /** Which shape `authority` has. Default: `"oidc"` with `authority`, else `"entra"`. */
  protocol?: "entra" | "oidc";
  /** Default: this page's address without query and hash. It has to be registered to the letter. */
  redirectUri?: string;
  /** Where a sign-out ends. Default: `redirectUri`. */
  postLogoutRedirectUri?: string;
  /** Default: `["profile", "calendar-read"]`. */
  features?: Feature[];
  /** Asked for in place of what `features` need. */
  scopes?: string[];
  /** Where refresh tokens live. `"session"` (default): encrypted, until the tab is closed. `"memory"`: until the page is left. */
  cache?: "session" | "memory";
  /** The account to offer first. */
  loginHint?: string;
  /** The organization whose sign-in page to go to at once. */
  domainHint?: string;
}

/** An account that is signed in; `active` is the one that calls are made for. `username` may change: `id` is the key. */
export interface Account { id: string; username: string; name?: string; tenantId?: string; objectId?: string; active: boolean }

/**
 * The sign-in of this tab.
 *
 * Events, each a `CustomEvent<Account>`: `signin`, `signout`, `accountchange` (another account is active), `expired` (a new sign-in is
 * needed).
 */
export interface Session extends EventTarget {
  /**
   * Call it once on every load of the page: it completes the redirect that the address carries, else restores the session, else gives null.
   * `state` is what was given to {@link Session.signIn}.
   */
  start(): Promise<{ account: Account; state?: string } | null>;
  /**
   * Signs somebody in; call it at a click. By redirect the promise never resolves: the page goes away, and `start()` gives the account on
   * its return.
   *
   * @throws ConvokeError `popup-blocked`, `user-cancelled`, `interaction-in-progress`, `configuration` or what the network did.
   */
  signIn(options?: { popup?: boolean; prompt?: "login" | "consent" | "select_account" | "none"; features?: Feature[]; scopes?: string[]; loginHint?: string; state?: string; signal?: AbortSignal }): Promise<Account>;
  /**
   * Forgets an account (default: the active one) or, with `everywhere`, all of them, in this tab and in the others; then ends the session at
   * the provider by going to its sign-out page, which leads back.
   */
  signOut(options?: { account?: string; everywhere?: boolean }): Promise<void>;
  /**
   * An access token, without the person. Calls at the same time share one renewal, also over tabs of this origin.
   *
   * @throws ConvokeError `interaction-required`, `consent-required` or `session-expired` where only {@link Session.signIn} helps;
   * `configuration` before {@link Session.start}.
   */
  getToken(options: { scopes: string[]; claims?: string; account?: string; signal?: AbortSignal }): Promise<string>;
  /** The active account. */
  readonly account: Account | null;
  /** All accounts, in the order in which they signed in. */
  readonly accounts: Account[];
  /** @throws ConvokeError `invalid-request` where no such account is signed in. */
  setActiveAccount(id: string): void;
}

/**
 * A session that has not started yet.
 *
 * @throws ConvokeError `configuration`, which names the member that cannot be used.
 */
export function createSession(config: SessionConfig): Session;

/** What the browser app reads: `config.json` beside its page, or `globalThis.CONVOKE_CONFIG`, which wins. Never the page's address. */
export interface AppConfig extends SessionConfig {
  /** Graph's origin. Default: the cloud's own, such as `https://graph.microsoft.com`. */
  graphBaseUrl?: string;
  /** Further hosts that may get the token. */
  graphHosts?: string[];
  /** Whose mailbox: a user id or principal name. */
  mailbox?: string;
  /** A BCP 47 language tag. */
  locale?: string;
  timeZone?: string;
  theme?: "light" | "dark" | "auto";
}

/** The least permissions for these features, each once, with the first feature that needs it, and whether an administrator must consent. */
export function scopesFor(features: Feature[]): { scope: string; feature: Feature; adminConsent: boolean }[];

/** What is wrong with these scopes: unknown ones with the name that was probably meant, ones that `features` do not need, and so on. */
export function lintScopes(scopes: string[], features?: Feature[]): { scope: string; problem: "unknown" | "broader-than-needed" | "not-for-personal" | "application-only"; suggestion?: string }[];

/**
 * The link by which an administrator consents for the whole organization.
 *
 * @throws ConvokeError `configuration`, also for providers that know no such thing.
 */
export function adminConsentUrl(config: SessionConfig): string;

// ───────────────────────────── the Graph client ─────────────────────────────

/**
 * Gives an access token that the host has got elsewhere: from its own MSAL, or from a server that signs in as the application.
 * `reason` is `"rejected"` where Graph refused the last one, with `claims` where it said what it wants instead.
 */
export type TokenProvider = (request: { scopes: string[]; claims?: string; reason: "needed" | "rejected" }) => Promise<string>;

/** How a client is set up: with either `session` or `tokenProvider`. */
export interface ClientOptions {
  session?: Session;
  tokenProvider?: TokenProvider;
  /** Graph's origin, without a version. Default: the cloud's own. */
  baseUrl?: string;
  /** Further hosts that may get the token. */
  allowedHosts?: string[];
  /** Whose mailbox: `"me"` (default), or a user id or principal name; `/me/…` then becomes `/users/{id}/…`. */
  mailbox?: string;
  /** The zone of times in answers. Default: the browser's. */
  timeZone?: string;
  /** How many requests may run at once against one mailbox. Default: 4, which is Outlook's own limit. */
  maxConcurrency?: number;
  /** For each attempt, in milliseconds. Default: 30 000. */
  timeoutMs?: number;
  /** How often a request is repeated where that is safe. Default: 3. */
  maxRetries?: number;
}

/** What every call takes: `select` names the members wanted, `timeZone` the zone of times in the answer. */
export interface CallOptions { signal?: AbortSignal; timeZone?: string; select?: string[] }

/**
 * A list. Nothing is asked for before its first page is. `for await` reads it from its beginning to its end; a link that leads in a circle
 * or to a foreign host is never followed.
 */
export interface Pages<T> extends AsyncIterable<T> {
  /** The next page; empty behind the last one. After an error the same page can be asked for again. */
  page(): Promise<{ items: T[]; next: boolean }>;
  /** Everything, or the first `limit` items; each id once, at its latest version. */
  all(limit?: number): Promise<T[]>;
  /** Why the end was not reached, once that is known: the limit, or a server that repeats itself. */
  readonly incomplete?: "limit" | "loop";
}

type Json = Record<string, unknown>;

/** A wall time, `2026-11-17T09:00:00`, in a zone. */
export interface DateTimeTimeZone { dateTime: string; timeZone: string }

/** An answer to an invitation. */
export type EventResponse = "accept" | "tentativelyAccept" | "decline";

/**
 * Microsoft Graph. Requests wait their turn, time out, and are repeated as far as that is safe: never before the server's Retry-After, and
 * a write only where a repetition cannot act twice.
 */
export interface GraphClient {
  /** Who is signed in, or whose mailbox the client serves. */
  me(options?: CallOptions): Promise<Json>;
  /** The directory. `photo` gives null where there is none. */
  users: { list(q?: { search?: string; filter?: string; top?: number } & CallOptions): Pages<Json>; get(id: string, o?: CallOptions): Promise<Json>; photo(id: string, o?: CallOptions): Promise<Blob | null> };
  /** The people one works with, the most relevant first. */
  people: { list(q?: { search?: string; top?: number } & CallOptions): Pages<Json> };
  /** Rooms, of one list (its address) or all; and the lists. */
  rooms: { list(q?: { roomList?: string } & CallOptions): Pages<Json>; lists(o?: CallOptions): Pages<Json> };
  calendars: { list(o?: CallOptions): Pages<Json>; get(id: string, o?: CallOptions): Promise<Json>; create(body: Json, o?: CallOptions): Promise<Json>; update(id: string, body: Json, o?: CallOptions): Promise<Json>; delete(id: string, o?: CallOptions): Promise<void> };
  calendarGroups: { list(o?: CallOptions): Pages<Json>; create(body: Json, o?: CallOptions): Promise<Json>; update(id: string, body: Json, o?: CallOptions): Promise<Json>; delete(id: string, o?: CallOptions): Promise<void>; calendars(id: string, o?: CallOptions): Pages<Json> };
  events: {
    /** With `start` and `end`, what happens between these instants, series expanded; without, the events as they are stored. */
    list(q?: { start?: string; end?: string; calendar?: string; group?: string; filter?: string; orderBy?: string; top?: number } & CallOptions): Pages<Json>;
    get(id: string, o?: CallOptions): Promise<Json>;
    /** Books. A `transactionId` is added unless the body has one: however often it has to be sent, it is booked once. */
    create(body: Json, o?: { calendar?: string } & CallOptions): Promise<Json>;
    /**
     * Changes the members that `body` has.
     *
     * @throws ConvokeError `precondition-failed` where the event is not at `etag` any more.
     */
    update(id: string, body: Json, o?: { etag?: string } & CallOptions): Promise<Json>;
    delete(id: string, o?: { etag?: string } & CallOptions): Promise<void>;
    /** Answers an invitation; `proposedNewTime` only where the answer is not `accept`. */
    respond(id: string, response: EventResponse, o?: { comment?: string; sendResponse?: boolean; proposedNewTime?: { start: DateTimeTimeZone; end: DateTimeTimeZone } } & CallOptions): Promise<void>;
    /** As its organizer; the attendees are told. */
    cancel(id: string, o?: { comment?: string } & CallOptions): Promise<void>;
    /** To these addresses. */
    forward(id: string, to: string[], o?: { comment?: string } & CallOptions): Promise<void>;
    /** The occurrences and exceptions of a series between two instants. */
    instances(id: string, q: { start: string; end: string } & CallOptions): Pages<Json>;
    snooze(id: string, until: DateTimeTimeZone, o?: CallOptions): Promise<void>;
    dismiss(id: string, o?: CallOptions): Promise<void>;
    reminders(q: { start: string; end: string } & CallOptions): Promise<Json[]>;
    attachments(id: string, o?: CallOptions): Pages<Json>;
  };
  /**
   * Free/busy of any number of addresses between any two instants: cut into calls that Graph accepts, joined in the order given.
   * `onProgress` counts calls. Where a part fails, its schedules have an `error`.
   *
   * @throws ConvokeError only where every part failed.
   */
  getSchedule(q: { schedules: string[]; start: string; end: string; intervalMinutes?: number; onProgress?: (done: number, total: number) => void } & CallOptions): Promise<ScheduleInformation[]>;
  /**
   * Microsoft's own suggestions, in Graph's own form.
   *
   * @throws ConvokeError `unsupported-account` for personal accounts and for applications.
   */
  findMeetingTimes(body: Json, o?: CallOptions): Promise<Json>;
  mailboxSettings: { get(o?: CallOptions): Promise<Json>; update(body: Json, o?: CallOptions): Promise<Json> };
  /** Mail. `folder` is an id or a well-known name such as `inbox`; `send` takes Graph's message. */
  messages: { list(q?: { folder?: string; filter?: string; search?: string; orderBy?: string; top?: number } & CallOptions): Pages<Json>; get(id: string, o?: CallOptions): Promise<Json>; send(message: Json, o?: { saveToSentItems?: boolean } & CallOptions): Promise<void>; reply(id: string, comment: string, o?: { all?: boolean } & CallOptions): Promise<void>; create(message: Json, o?: CallOptions): Promise<Json>; update(id: string, body: Json, o?: CallOptions): Promise<Json>; delete(id: string, o?: CallOptions): Promise<void> };
  contacts: { list(q?: { search?: string; top?: number } & CallOptions): Pages<Json>; get(id: string, o?: CallOptions): Promise<Json>; create(body: Json, o?: CallOptions): Promise<Json>; update(id: string, body: Json, o?: CallOptions): Promise<Json>; delete(id: string, o?: CallOptions): Promise<void> };
  /** OneDrive, by path from its root: `Reports/May.pdf`. A large file goes up in parts; `onProgress` counts bytes. */
  files: { list(path?: string, o?: CallOptions): Pages<Json>; get(path: string, o?: CallOptions): Promise<Json>; download(path: string, o?: CallOptions): Promise<Blob>; upload(path: string, content: Blob | Uint8Array, o?: { onProgress?: (sent: number, total: number) => void } & CallOptions): Promise<Json>; delete(path: string, o?: CallOptions): Promise<void> };
  groups: { list(q?: { search?: string; filter?: string; top?: number } & CallOptions): Pages<Json>; get(id: string, o?: CallOptions): Promise<Json>; members(id: string, o?: { transitive?: boolean } & CallOptions): Pages<Json> };

  /**
   * Any other call. `path` starts with `/` and is percent-encoded, without a version.
   *
   * @throws ConvokeError `invalid-request` for a path that leads elsewhere.
   */
  request(path: string, o?: { method?: string; body?: unknown; headers?: Record<string, string>; query?: Record<string, string | number | boolean>; version?: "v1.0" | "beta" } & CallOptions): Promise<unknown>;
  /** Many calls in few requests, 20 in each; an answer or an error for each, in the order given. What failed in passing is repeated alone. */
  batch(requests: { method?: string; path: string; body?: unknown; headers?: Record<string, string> }[], o?: CallOptions): Promise<({ status: number; body?: unknown } | ConvokeError)[]>;
  /**
   * Tells what changes, by delta queries while the page is visible; of several tabs one asks. The first round is silent unless `resume`
   * says where an earlier watch stopped. `intervalMs` is the time between rounds.
   */
  watch(q: { resource: "events" | "messages"; start?: string; end?: string; folder?: string; intervalMs?: number; resume?: string }): Watch;
}

/**
 * A client.
 *
 * @throws ConvokeError `configuration` or `invalid-request`, which names the option.
 */
export function createClient(options: ClientOptions): GraphClient;

/**
 * A watch that runs until `stop`.
 *
 * Events: `created`, `updated`, `deleted` (`CustomEvent<Json>`), `error` (`CustomEvent<ConvokeError>`), `checkpoint`
 * (`CustomEvent<string>`, which a later watch takes as `resume`).
 */
export interface Watch extends EventTarget {
  stop(): void;
}

// ───────────────────────────── scheduling ─────────────────────────────
// Without network and session: in a page, in a worker and in Node, after `init`.

/** How taken somebody is. */
export type FreeBusy = "free" | "tentative" | "busy" | "oof" | "workingElsewhere" | "unknown";

/** One schedule of getSchedule. */
export interface ScheduleInformation {
  /** The address that was asked for. */
  scheduleId: string;
  /** One digit for each interval: 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere. */
  availabilityView?: string | null;
  scheduleItems?: { status: string; start: DateTimeTimeZone; end: DateTimeTimeZone; subject?: string; location?: string; isPrivate?: boolean }[] | null;
  workingHours?: Json | null;
  error?: { message: string; responseCode: string } | null;
}

/** Who shall meet, for how long, and when at all. */
export interface RankRequest {
  /** Two instants. */
  window: { start: string; end: string };
  durationMinutes: number;
  /** Between two candidates. Default: 30. */
  stepMinutes?: number;
  /** The organizer's. Default: `"UTC"`. */
  timeZone?: string;
  attendees: RankAttendee[];
  /** Default: `"require"`. */
  workingHours?: "require" | "prefer" | "ignore";
  bufferBeforeMinutes?: number;
  bufferAfterMinutes?: number;
  /** How many of the required attendees suffice. */
  quorum?: { minRequired?: number; minPercentage?: number };
  /** Default: true. */
  allowTentative?: boolean;
  /** Default: whether any resource is among the attendees. */
  needsResource?: boolean;
  /** Default: 20. */
  maxResults?: number;
  /** Graph's patternedRecurrence: every occurrence has to work. */
  recurrence?: Json;
  /** Say too what almost works. */
  relax?: boolean;
}

/** Somebody or something that a meeting needs. */
export interface RankAttendee {
  id: string;
  /** At most one organizer. */
  kind?: "organizer" | "required" | "optional" | "resource";
  busy?: { start: string; end: string; status: FreeBusy }[];
  /** What getSchedule gave, in place of `busy`. */
  schedule?: ScheduleInformation;
  /** Where `schedule.availabilityView` starts, and the width of its digits. Default: the window's start, 30. */
  view?: { start: string; intervalMinutes: number };
  /** From then on nothing is known. */
  knownUntil?: string;
  /** Counts as free: the meeting's own time, when it is moved. */
  ignore?: { start: string; end: string }[];
  /** Several make split hours. Counts before those of `schedule`; null: none known. */
  workingHours?: WorkingHours | WorkingHours[] | null;
  /** A resource's seats. */
  capacity?: number;
}

/** Wall times such as `08:00:00` on days such as `monday`; the zone by name, or as Graph's custom zone. */
export interface WorkingHours { daysOfWeek: string[]; startTime: string; endTime: string; timeZone: string | Json }

/** A time to meet. */
export interface Suggestion {
  /** In UTC, with `Z`, as `end` is. */
  start: string; end: string;
  /** 0 to 100, the best first. */
  score: number;
  /** As Graph defines it, 0 to 100. */
  confidence: number;
  attendees: { id: string; status: FreeBusy; outsideHours: boolean | null; minutesOutside: number; localStart: string }[];
  /** The resource that was chosen. */
  resource?: string;
  reasons: { code: ReasonCode; attendees: string[] }[];
}

export type ReasonCode = "all-free" | "tentative" | "unknown" | "outside-hours" | "optional-busy" | "required-busy" | "no-room" | "occurrence-conflict";

export interface RankResult {
  suggestions: Suggestion[];
  /** Why there is none, in Graph's words; empty where there are some. */
  emptyReason: "" | "attendeesUnavailable" | "attendeesUnavailableOrUnknown" | "locationsUnavailable" | "organizerUnavailable" | "unknown";
  /** With `relax`: what one change would make possible. */
  almost?: { change: { kind: "tentative" | "outside-hours" | "shorter" | "occurrences" | "no-room" | "without"; attendee?: string; minutes?: number }; suggestion: Suggestion }[];
}

/**
 * The best times to meet, the best first.
 *
 * @throws ConvokeError `invalid-request`, which names the member.
 */
export function rankSlots(request: RankRequest): RankResult;

/** The digits that getSchedule would give for these items. */
export function availabilityView(request: { start: string; end: string; intervalMinutes: number; items: { start: string; end: string; status: FreeBusy }[] }): string;

/** The occurrences of a series that start in [from, to): wall times in its zone together with their offsets. */
export function expandRecurrence(request: { recurrence: Json; start: DateTimeTimeZone; end: DateTimeTimeZone; from: string; to: string }): { start: string; end: string }[];

/** A zone by either of its names, with its offset at an instant (default: now) in minutes east of UTC; null where nobody knows it. */
export function timeZone(name: string, at?: string): { iana: string; windows: string | null; offsetMinutes: number } | null;

/** A wall time's instant. One that a clock change leaves out is moved past the gap; of one that happens twice, the earlier is given. */
export function toInstant(local: DateTimeTimeZone): { instant: string; ambiguous: boolean; gap: boolean };

/** An event of Graph's as an iCalendar text (RFC 5545). */
export function toICalendar(event: Json): string;

// ───────────────────────────── diagnosis ─────────────────────────────

/** What was checked. `text` is the whole as a text to send to somebody; it holds no token. */
export interface Diagnosis { checks: { id: string; title: string; outcome: "pass" | "fail" | "skipped"; detail: string; advice?: string; durationMs: number }[]; text: string }

/** Tries registration, consent, clock, wasm, storage and the first call of each feature. It only reads. */
export function diagnose(client: GraphClient, options?: { features?: Feature[]; signal?: AbortSignal }): Promise<Diagnosis>;
