// The package's entry. Importing it does nothing but define: `init` loads the wasm.

import { compute } from "./convoke.js";
import init, { needsInit } from "./load.js";

export { createClient, diagnose } from "./client.js";
export { ConvokeError } from "./errors.js";
export { createSession } from "./session.js";
export { init as default };

/** What the wasm computes at once, from one argument or from the list of them. */
function pure(name, argument) {
  needsInit(name);
  return compute(name, argument);
}

export const rankSlots = (request) => pure("rankSlots", request);
export const availabilityView = (request) => pure("availabilityView", request);
export const expandRecurrence = (request) => pure("expandRecurrence", request);
export const timeZone = (name, at) => pure("timeZone", [name, at]);
export const toInstant = (local) => pure("toInstant", local);
export const toICalendar = (event) => pure("toICalendar", event);
export const scopesFor = (features) => pure("scopesFor", features);
export const lintScopes = (scopes, features) => pure("lintScopes", [scopes, features]);
export const adminConsentUrl = (config) => pure("adminConsentUrl", config);
