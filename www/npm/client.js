// The Graph client: the members of the contract, each a name of the wasm's operations with the names of its arguments.

import { Graph } from "./convoke.js";
import { ConvokeError } from "./errors.js";
import { needsInit } from "./load.js";
import { Pages } from "./pages.js";
import { handleOf } from "./session.js";

/** See index.d.ts. */
export function createClient(options) {
  needsInit("createClient");
  const graph = open(options ?? {});
  /** An operation with one answer. */
  const one = (operation, ...names) => async (...values) => {
    const { members, signal } = named(names, values);
    return graph.run(operation, members, signal);
  };
  /** An operation whose answer is nothing. */
  const none = (operation, ...names) => {
    const run = one(operation, ...names);
    return async (...values) => void (await run(...values));
  };
  /** An operation whose answer is a list. What is wrong with its arguments shows when its first page is asked for. */
  const list = (operation, ...names) => (...values) =>
    new Pages((limit) => {
      const { members, signal } = named(names, values);
      return graph.list(operation, members, signal, limit);
    });
  const client = {
    me: one("me"),
    users: { get: one("users.get", "id") },
    calendars: { list: list("calendars.list") },
    events: { list: list("events.list"), get: one("events.get", "id") },
    mailboxSettings: { get: one("mailboxSettings.get") },
  };
  return client;
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

/** Positional arguments by their names, together with the options behind them; the signal apart. */
export function named(names, values) {
  const options = values[names.length] ?? {};
  if (typeof options !== "object") throw new ConvokeError("The last argument must be an object of options.");
  const { signal, ...members } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ConvokeError("`signal` must be an AbortSignal.");
  names.forEach((name, index) => {
    members[name] = values[index];
  });
  return { members, signal };
}
