// Lists as Graph gives them, a page at a time.

import { ConvokeError } from "./errors.js";

/** Without a limit of the caller's. */
const EVERYTHING = 1_000_000;

/** `Pages<T>` of index.d.ts. Nothing is asked for before the first page is; `open(limit)` gives the wasm's list. */
export class Pages {
  #open;
  #current;
  #turn = Promise.resolve();
  incomplete;

  constructor(open) {
    this.#open = open;
  }

  /** One caller after the other: two that ask at once get two pages. */
  page() {
    const page = this.#turn.then(async () => {
      this.#current ??= await this.#open(EVERYTHING);
      return this.#next(this.#current);
    });
    this.#turn = page.catch(() => {});
    return page;
  }

  async all(limit = EVERYTHING) {
    if (!Number.isInteger(limit) || limit < 1) throw new ConvokeError("`limit` must be a whole number above 0.");
    const list = await this.#open(limit);
    const { items, incomplete } = await list.all();
    this.incomplete = incomplete;
    return items;
  }

  /** From the beginning, each time. */
  async *[Symbol.asyncIterator]() {
    const list = await this.#open(EVERYTHING);
    let page;
    do {
      page = await this.#next(list);
      yield* page.items;
    } while (page.next);
  }

  async #next(list) {
    const items = await list.next();
    this.incomplete = list.incomplete;
    return { items, next: list.more };
  }
}
