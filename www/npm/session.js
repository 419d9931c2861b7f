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
  #begun = false;

  constructor(config) {
    super();
    const tell = (name, account) => {
      const detail = { ...account, active: account.id === this.account?.id };
      this.dispatchEvent(new CustomEvent(name, { detail }));
    };
    handles.set(this, new SessionHandle(config, tell));
  }

  async start() {
    this.#begun = true;
    return handleOf(this).start();
  }

  async signIn(options) {
    this.#begun = true;
    const { signal, ...members } = options ?? {};
    return handleOf(this).sign_in(members, checked(signal));
  }

  async signOut(options) {
    await handleOf(this).sign_out(options ?? {});
  }

  async getToken(options) {
    // Else it would wait for a start that nobody is about to make.
    if (!this.#begun) throw new ConvokeError("`getToken` was called before `start()`.", { code: "configuration", advice: "Call `start()` once on every load of the page." });
    const { signal, ...members } = options ?? {};
    return handleOf(this).token(members, checked(signal));
  }

  get account() {
    return this.accounts.find(({ active }) => active) ?? null;
  }

  get accounts() {
    return handleOf(this).accounts();
  }

  setActiveAccount(id) {
    handleOf(this).activate(String(id));
  }
}

/** See index.d.ts. */
export function createSession(config) {
  needsInit("createSession");
  return new Session(config);
}

/** The signal, if it is one. */
export function checked(signal) {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ConvokeError("`signal` must be an AbortSignal.");
  return signal;
}
