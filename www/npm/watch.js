// `Watch` of index.d.ts: an EventTarget over the wasm's.

export class Watch extends EventTarget {
  #controller = new AbortController();

  /** `start(signal, tell)` lets the wasm begin. */
  constructor(start) {
    super();
    const { signal } = this.#controller;
    start(signal, (name, detail) => {
      if (!signal.aborted) this.dispatchEvent(new CustomEvent(name, { detail }));
    });
  }

  stop() {
    this.#controller.abort();
  }
}
