// Starts the app: loads the glue and the wasm that index.html names in its preload links, and says in the page what is wrong where
// that fails. What the app does once it runs is its own.

const MINIMUM = "Chrome or Edge 97, Firefox 102, Safari 16";

/** A failure with the sentence that the person reads. */
class StartError extends Error {
  constructor(sentence, cause) {
    super(sentence, { cause });
  }
}

async function start() {
  if (typeof WebAssembly !== "object" || typeof BigInt64Array !== "function") {
    throw new StartError(`This browser has no WebAssembly, or it is switched off. Convoke needs ${MINIMUM} or later.`);
  }
  const glue = document.querySelector('link[rel="modulepreload"]').href;
  const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]').href;
  const [{ default: init }, response] = await Promise.all([loadGlue(glue), loadWasm(wasm)]);
  await instantiate(init, response);
  document.getElementById("start")?.remove();
}

async function loadGlue(address) {
  try {
    return await import(address);
  } catch (error) {
    throw new StartError(
      `The program ${fileName(address)} could not be loaded. Check the connection and load the page again; ` +
        "if that does not help, the server does not send the file, or not as text/javascript.",
      error,
    );
  }
}

async function loadWasm(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new StartError(`The program ${fileName(address)} could not be loaded. Check the connection and load the page again.`, error);
  }
  if (!response.ok) {
    throw new StartError(`The server answered ${response.status} for ${fileName(address)}: the program is not complete there.`);
  }
  return response;
}

async function instantiate(init, response) {
  try {
    await init({ module_or_path: response });
  } catch (error) {
    // Browsers have no error class for this; Chromium and Safari write the name out, Firefox abbreviates it.
    if (/content security policy|\bCSP\b/i.test(error?.message)) {
      throw new StartError("The content security policy of this page forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'.", error);
    }
    if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
      throw new StartError(
        `The program ${fileName(response.url)} is not one that this browser can run. Convoke needs ${MINIMUM} or later; ` +
          `in such a browser, the server sends something else (as ${response.headers.get("content-type") ?? "no type"}).`,
        error,
      );
    }
    throw new StartError("Convoke could not start.", error);
  }
}

const fileName = (address) => new URL(address).pathname.split("/").pop();

/** Replaces the page's loading line. Text only: an error's words are never markup. */
function show(error) {
  let place = document.getElementById("start");
  if (!place) {
    place = document.body.appendChild(document.createElement("div"));
    place.className = "start";
  }
  const paragraph = (text, className) => {
    const element = document.createElement("p");
    element.textContent = text;
    element.className = className;
    return element;
  };
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Load again";
  again.addEventListener("click", () => location.reload());
  const sentence = error instanceof StartError ? error.message : "Convoke could not start.";
  const cause = error instanceof StartError ? error.cause : error;
  const detail = cause ? [paragraph(String(cause), "start-detail")] : [];
  place.setAttribute("role", "alert");
  place.replaceChildren(paragraph(sentence, "start-sentence"), ...detail, again);
}

start().catch(show);
