// The one error of the package. The wasm makes it too (it imports this file), so whatever fails, fails with an instance of this class.

/** What can be done about it, by code; an error that knows better says so itself. */
const ADVICE = {
  aborted: "Nothing to do: the call was given up.",
  offline: "Connect this device to the network, then try again.",
  network: "Check the connection, and that the service allows this page's origin, then try again.",
  timeout: "Try again; if it stays slow, raise `timeoutMs`.",
  unauthorized: "Sign in again; with a token provider, look at the token that it gives.",
  forbidden: "Ask the owner of the mailbox or an administrator for access.",
  "consent-required": "Call `signIn` with these scopes, at a click, so that the person can agree.",
  "admin-consent-required": "Send an administrator the link that `adminConsentUrl` gives.",
  "claims-challenge": "Call `signIn` at a click: the organization asks for more proof.",
  "interaction-required": "Call `signIn` at a click: no token can be had without the person.",
  "interaction-in-progress": "Finish the sign-in that is under way, or close its window.",
  "popup-blocked": "Call `signIn` at a click, allow pop-ups for this page, or sign in without `popup`.",
  "user-cancelled": "Offer the sign-in again; nothing was changed.",
  "state-mismatch": "Start the sign-in again in this tab.",
  "nonce-mismatch": "Start the sign-in again in this tab.",
  "session-expired": "Call `signIn` at a click.",
  configuration: "Mend what the message names.",
  "not-found": "It is not there, or not any more: read the list again.",
  conflict: "Read it again, then repeat the change.",
  "precondition-failed": "It has changed meanwhile: read it again, then repeat the change.",
  gone: "Begin again without the old link or checkpoint.",
  throttled: "Wait as long as `retryAfter` says, then try again.",
  unavailable: "Try again in a while.",
  "invalid-request": "Mend what the message names.",
  "invalid-response": "Try again; if it stays, give `requestId` to Microsoft's support.",
  "unsupported-account": "Sign in with a work or school account.",
  "too-large": "Send less at once.",
  "host-not-allowed": "Add the host to `allowedHosts` if it may get the token.",
};

export class ConvokeError extends Error {
  constructor(message, { code = "invalid-request", retryable = false, advice = ADVICE[code], cause, ...details } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, { code, retryable, advice }, details);
  }
}
// On the prototype, where the names of the language's own errors are.
Object.defineProperty(ConvokeError.prototype, "name", { value: "ConvokeError", configurable: true, writable: true });
