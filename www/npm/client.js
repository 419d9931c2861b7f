// The Graph client: the members of the contract, each a name of the wasm's operations with the names of its arguments.

import { Graph } from "./convoke.js";
import { ConvokeError } from "./errors.js";
import { needsInit } from "./load.js";
import { Pages } from "./pages.js";
import { checked, handleOf } from "./session.js";
import { Watch } from "./watch.js";

const graphs = new WeakMap();

/** See index.d.ts. */
export function createClient(options) {
  needsInit("createClient");
  const graph = open(options ?? {});

  const run = async (operation, names, values, more, content) => {
    const { members, signal, onProgress } = named(names, values);
    return graph.run(operation, Object.assign(members, more), signal, onProgress, content);
  };
  /** An operation with one answer. */
  const one = (operation, ...names) => (...values) => run(operation, names, values);
  /** An operation whose answer is nothing. */
  const none = (operation, ...names) => async (...values) => {
    await run(operation, names, values);
  };
  /** An operation whose answer is a list. What is wrong with its arguments shows when its first page is asked for. */
  const list = (operation, ...names) => (...values) =>
    new Pages(async (limit) => {
      const { members, signal } = named(names, values);
      return graph.list(operation, members, signal, limit);
    });
  const blob = (operation, ...names) => async (...values) => {
    const file = await run(operation, names, values);
    return file && new Blob([file[0]], { type: file[1] });
  };

  const client = {
    me: one("me"),
    users: { list: list("users.list"), get: one("users.get", "id"), photo: blob("users.photo", "id") },
    people: { list: list("people.list") },
    rooms: { list: list("rooms.list"), lists: list("rooms.lists") },
    calendars: {
      list: list("calendars.list"),
      get: one("calendars.get", "id"),
      create: one("calendars.create", "body"),
      update: one("calendars.update", "id", "body"),
      delete: none("calendars.delete", "id"),
    },
    calendarGroups: {
      list: list("calendarGroups.list"),
      create: one("calendarGroups.create", "body"),
      update: one("calendarGroups.update", "id", "body"),
      delete: none("calendarGroups.delete", "id"),
      calendars: list("calendarGroups.calendars", "id"),
    },
    events: {
      list: list("events.list"),
      get: one("events.get", "id"),
      create: (...values) => run("events.create", ["body"], values, { transaction: freshId() }),
      update: one("events.update", "id", "body"),
      delete: none("events.delete", "id"),
      respond: none("events.respond", "id", "response"),
      cancel: none("events.cancel", "id"),
      forward: none("events.forward", "id", "to"),
      instances: list("events.instances", "id"),
      snooze: none("events.snooze", "id", "until"),
      dismiss: none("events.dismiss", "id"),
      reminders: one("events.reminders"),
      attachments: list("events.attachments", "id"),
    },
    getSchedule: one("getSchedule"),
    findMeetingTimes: one("findMeetingTimes", "body"),
    mailboxSettings: { get: one("mailboxSettings.get"), update: one("mailboxSettings.update", "body") },
    messages: {
      list: list("messages.list"),
      get: one("messages.get", "id"),
      send: none("messages.send", "message"),
      reply: none("messages.reply", "id", "comment"),
      create: one("messages.create", "message"),
      update: one("messages.update", "id", "body"),
      delete: none("messages.delete", "id"),
    },
    contacts: {
      list: list("contacts.list"),
      get: one("contacts.get", "id"),
      create: one("contacts.create", "body"),
      update: one("contacts.update", "id", "body"),
      delete: none("contacts.delete", "id"),
    },
    files: {
      list: list("files.list", "path"),
      get: one("files.get", "path"),
      download: blob("files.download", "path"),
      upload: async (path, content, options) => run("files.upload", ["path"], [path, options], {}, blobOf(content)),
      delete: none("files.delete", "path"),
    },
    groups: { list: list("groups.list"), get: one("groups.get", "id"), members: list("groups.members", "id") },
    request: one("request", "path"),
    batch: one("batch", "requests"),
    watch(options) {
      const { members } = named([], [options]);
      return new Watch((signal, tell) => graph.watch(members, signal, tell));
    },
  };
  graphs.set(client, graph);
  return client;
}

/** See index.d.ts. */
export async function diagnose(client, options) {
  const graph = graphs.get(client);
  if (!graph) throw new ConvokeError("`client` must come from `createClient` of the same module.");
  const { members, signal } = named([], [options]);
  return graph.diagnose(members, signal);
}

function open(options) {
  const { session, tokenProvider, ...settings } = options;
  if ((session === undefined) === (tokenProvider === undefined)) {
    throw new ConvokeError("Give either `session` or `tokenProvider`, and not both.", { code: "configuration" });
  }
  if (session !== undefined) return Graph.with_session(settings, handleOf(session));
  if (typeof tokenProvider !== "function") throw new ConvokeError("`tokenProvider` must be a function.", { code: "configuration" });
  return Graph.with_provider(settings, tokenProvider);
}

/** Positional arguments by their names, together with the options behind them; what JSON cannot hold apart. */
function named(names, values) {
  const options = values[names.length] ?? {};
  if (typeof options !== "object") throw new ConvokeError("The last argument must be an object of options.");
  const { signal, onProgress, ...members } = options;
  checked(signal);
  if (onProgress !== undefined && typeof onProgress !== "function") throw new ConvokeError("`onProgress` must be a function.");
  names.forEach((name, index) => {
    members[name] = values[index];
  });
  return { members, signal, onProgress };
}

/** What an upload sends. Bytes that the host may change meanwhile are copied by that. */
function blobOf(content) {
  if (content instanceof Blob) return content;
  if (content instanceof Uint8Array || content instanceof ArrayBuffer) return new Blob([content]);
  throw new ConvokeError("`content` must be a Blob or a Uint8Array.");
}

/** A random id, as RFC 9562 has them; `randomUUID` is for secure pages alone. */
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return Array.from(bytes, (byte, index) => ([4, 6, 8, 10].includes(index) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
