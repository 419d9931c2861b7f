// The session as the contract has it: an EventTarget over the wasm's.

import { SessionHandle } from "./convoke.js";
import { ConvokeError } from "./errors.js";
import { needsInit } from "./load.js";

const handles = new WeakMap();

/** The wasm's half of a session. */
export function handleOf(session) {
  const handle = handles.get(session);
  if (!handle) throw new ConvokeError("`session` must come from `createSession` of the same module.", { code: "configuration" });
  return handle;
}

class Session extends EventTarget {
  constructor(config) {
    super();
    handles.set(this, new SessionHandle(config));
  }

  async start() {
    return handleOf(this).start();
  }

  async signIn({ signal, ...options } = {}) {
    return handleOf(this).sign_in(options, signal);
  }

  async signOut(options = {}) {
    return handleOf(this).sign_out(options);
  }

  async getToken({ signal, ...options } = {}) {
    return handleOf(this).token(options, signal);
  }
}

/** See index.d.ts. */
export function createSession(config) {
  needsInit("createSession");
  return new Session(config);
}
