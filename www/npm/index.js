// The package's entry. Importing it does nothing but define: `init` loads the wasm.

import { compute } from "./convoke.js";
import init, { needsInit } from "./load.js";

export { createClient } from "./client.js";
export { ConvokeError } from "./errors.js";
export { createSession } from "./session.js";
export { init as default };

/** What the wasm computes at once. */
function pure(name, request) {
  needsInit(name);
  return compute(name, request);
}

export function timeZone(name, at) {
  return pure("timeZone", { name, at });
}
