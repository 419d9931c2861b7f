// Measures in the page: the engine in wasm and the two references, on the same data in the same run. Each result is checked before
// it counts.

import init, * as engine from "./engine.js";
import { bitSets, obvious, read, readEvents } from "./references.js";

/** How long a step is repeated for one measurement, in milliseconds. */
const TICKS = 10;

/** What the obvious reference may take; beyond, it runs over fewer candidates and the time is scaled up. */
const PATIENCE = 2_000;

const middle = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/**
 * Times steps that take turns, so that a busy moment of the machine hits all of them: as many rounds as fit into `budget` milliseconds,
 * five at least. Gives the median of each, and of the first one's ratio to the second one's in the same round.
 */
function medians(steps, budget = 2_000) {
  const times = steps.map(() => []);
  const began = performance.now();
  while (times[0].length < 5 || (performance.now() - began < budget && times[0].length < 1000)) {
    steps.forEach((step, index) => {
      // The clock of a page ticks ten times a millisecond: what is shorter is done several times.
      let done = 0;
      const start = performance.now();
      let took = 0;
      do {
        step();
        done++;
        took = performance.now() - start;
      } while (took < TICKS);
      times[index].push(took / done);
    });
  }
  return { times: times.map(middle), ratio: middle(times[0].map((time, round) => time / times[1]?.[round])) };
}

function obviousTime(data) {
  let candidates = Math.min(data.count, 8);
  for (;;) {
    const start = performance.now();
    obvious(data, candidates);
    const took = performance.now() - start;
    if (candidates === data.count) return { time: took, cut: false };
    if (took > PATIENCE / 8) return { time: (took * data.count) / candidates, cut: true };
    candidates = Math.min(data.count, candidates * 4);
  }
}

/** Every number of one size. */
globalThis.measure = async (people, weeks, step) => {
  const text = engine.request(people, weeks, step, false);
  const data = read(text);
  engine.prepare(text);
  const ours = engine.rank();
  const theirs = bitSets(data);
  const same = (found) => found.every(({ start, free }, index) => start === ours[2 * index] && Math.round((free / people) * 1000) === ours[2 * index + 1]);
  const result = JSON.parse(engine.rank_text(text));
  const shown = result.suggestions?.every((slot, index) => Date.parse(slot.start) / 60_000 === theirs[index].start && slot.attendees.length === people);
  if (ours.length !== 2 * theirs.length || !same(theirs) || !shown || result.suggestions.length !== theirs.length) {
    throw new Error(`the results differ: ${ours.slice(0, 6)} and ${JSON.stringify(theirs.slice(0, 3))}`);
  }
  const slow = obviousTime(data);
  if (!slow.cut && !same(obvious(data))) throw new Error("the obvious reference finds something else");
  const memory = medians([() => engine.rank(), () => bitSets(data)]);
  const whole = medians([
    () => JSON.parse(engine.rank_text(text)), () => bitSets(read(text)), () => engine.read_request(text),
  ]);
  const full = engine.request(people, weeks, step, true);
  engine.prepare(full);
  const [everything] = medians([() => engine.rank()]).times;
  return {
    people, weeks, step, candidates: data.count, bytes: text.length, obvious: slow.time, obviousCut: slow.cut, everything,
    rank: memory.times[0], counted: memory.times[1], rankRatio: memory.ratio,
    whole: whole.times[0], readAndCounted: whole.times[1], parsed: whole.times[2], wholeRatio: whole.ratio,
  };
};

/** A page of a megabyte of events. */
globalThis.measureEvents = async () => {
  const text = engine.events(1_000_000);
  const bytes = new TextEncoder().encode(text);
  if (engine.read_events(bytes) !== readEvents(bytes).length) throw new Error("the numbers of events differ");
  const { times: [model, mapped], ratio } = medians([() => engine.read_events(bytes), () => readEvents(bytes)], 3_000);
  return { events: bytes.length, model, mapped, ratio };
};

await init({ module_or_path: "./engine_bg.wasm" });
globalThis.ready = true;
