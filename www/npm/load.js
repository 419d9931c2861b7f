// Fetches and instantiates the wasm, once for each page or worker, and says what is wrong where that fails.

import instantiate from "./convoke.js";
import { ConvokeError } from "./errors.js";

let loading;
let loaded = false;

/** See index.d.ts. A load that failed may be tried again. */
export default function init(input) {
  loading ??= load(input?.module).then(
    () => {
      loaded = true;
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Refuses what needs the wasm before there is any. */
export function needsInit(name) {
  if (!loaded) throw new ConvokeError(`\`${name}\` was called before the module is there.`, { code: "configuration", advice: "Wait for `await init()` once, before everything else." });
}

async function load(module) {
  try {
    await instantiate({ module_or_path: await source(module ?? new URL("./convoke.wasm", import.meta.url)) });
  } catch (error) {
    throw error instanceof ConvokeError ? error : explained(error);
  }
}

/** Begins to fetch a part of the module, for `parts.js`. */
export function part(address) {
  const part = source(address);
  // Whoever waits for it hears of a failure; until then nobody does.
  part.catch(() => {});
  return part;
}

let failure;

/** Remembers why a part could not be loaded: the wasm learns only that it was not. */
export function failed(error) {
  failure = error;
}

/** Why the last part that failed could not be loaded, in words. */
export function whyNotLoaded() {
  return String(failure?.message ?? failure);
}

/** Makes a part ready. */
export async function start(part, imports) {
  const source = await part;
  // From the bytes, so that a server which says nothing about types will do.
  return WebAssembly.instantiate(source instanceof Uint8Array ? source : await source.arrayBuffer(), imports);
}

/** Bytes, modules and responses as they are; an address fetched. */
async function source(module) {
  if (typeof Response === "function" && module instanceof Response) return good(module, module.url);
  const isAddress = typeof module === "string" || module instanceof URL || (typeof Request === "function" && module instanceof Request);
  if (!isAddress) return module;
  const address = module.url ?? String(module);
  if (address.startsWith("file:")) return file(address);
  try {
    return good(await fetch(module), address);
  } catch (cause) {
    if (cause instanceof ConvokeError) throw cause;
    throw new ConvokeError(`${address} could not be loaded.`, { code: "network", retryable: true, cause });
  }
}

function good(response, address) {
  if (response.ok) return response;
  const advice = "Put convoke.wasm where the bundle looks for it, or give its address: `init({ module })`.";
  throw new ConvokeError(`${address} was answered with status ${response.status}.`, { code: "configuration", status: response.status, advice });
}

/** Node reads files, but does not fetch them. No bundler for browsers may follow this import. */
async function file(address) {
  const name = "node:fs/promises";
  const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return readFile(new URL(address));
}

function explained(cause) {
  // Browsers have no class for this refusal; Chromium and Safari write the name out, Firefox abbreviates it.
  const refused = /content security policy|\bCSP\b/i.test(cause?.message);
  const advice = refused
    ? "Allow 'wasm-unsafe-eval' in the script-src of this page's policy."
    : "Give `init` the convoke.wasm of this version of the package, in a browser of 2022 or later.";
  return new ConvokeError(refused ? "The content security policy of this page forbids WebAssembly." : "The wasm cannot be run here.", { code: "configuration", advice, cause });
}
