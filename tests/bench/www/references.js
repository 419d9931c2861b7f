// Two ways of answering the benchmark's question in JavaScript: how many people are free at each candidate, and which twenty candidates
// are the best (most people free, then earliest)? Neither knows reasons, working hours, buffers or rooms.

/** Minutes since the epoch of `2026-05-04T09:00:00Z`. */
const minutes = (text) => Date.parse(text) / 60_000;

/** The request with every instant as minutes; items as two typed arrays for each person. */
export function read(text) {
  const request = JSON.parse(text);
  const people = request.attendees.map(({ busy }) => {
    const starts = new Int32Array(busy.length);
    const ends = new Int32Array(busy.length);
    for (let index = 0; index < busy.length; index++) {
      starts[index] = minutes(busy[index].start);
      ends[index] = minutes(busy[index].end);
    }
    return { starts, ends };
  });
  const first = minutes(request.window.start);
  const count = Math.floor((minutes(request.window.end) - request.durationMinutes - first) / request.stepMinutes) + 1;
  return { people, first, count, step: request.stepMinutes, duration: request.durationMinutes, wanted: request.maxResults };
}

/** For each candidate each person, for each person each item, until one overlaps. `limit`: only so many candidates. */
export function obvious({ people, first, count, step, duration, wanted }, limit = count) {
  const found = [];
  for (let index = 0; index < limit; index++) {
    const start = first + index * step;
    const end = start + duration;
    let free = 0;
    for (const { starts, ends } of people) {
      let busy = false;
      for (let item = 0; item < starts.length && !busy; item++) busy = starts[item] < end && ends[item] > start;
      if (!busy) free++;
    }
    found.push({ start, free });
  }
  found.sort((a, b) => b.free - a.free || a.start - b.start);
  return found.slice(0, wanted);
}

/**
 * Bit sets. One plane of a bit for each candidate is reused from person to person; where runs of blocked candidates begin and end, one is
 * added to and taken from a list of differences, whose sums are the numbers of people who are busy. Work for each item and for each
 * word of a plane, none for person times candidate.
 */
export function bitSets({ people, first, count, step, duration, wanted }) {
  const words = (count + 31) >>> 5;
  const plane = new Uint32Array(words);
  const steps = new Int32Array(count + 33);
  for (const { starts, ends } of people) {
    plane.fill(0);
    for (let item = 0; item < starts.length; item++) {
      // Candidate s is blocked where s < end and s + duration > start.
      const from = Math.max(0, Math.floor((starts[item] - duration - first) / step) + 1);
      const to = Math.min(count, Math.ceil((ends[item] - first) / step));
      if (from >= to) continue;
      const a = from >>> 5;
      const b = (to - 1) >>> 5;
      const head = 0xffffffff << (from & 31);
      const tail = 0xffffffff >>> (31 - ((to - 1) & 31));
      if (a === b) {
        plane[a] |= head & tail;
      } else {
        plane[a] |= head;
        for (let word = a + 1; word < b; word++) plane[word] = 0xffffffff;
        plane[b] |= tail;
      }
    }
    let carry = 0;
    for (let word = 0; word < words; word++) {
      const bits = plane[word];
      let edges = bits ^ ((bits << 1) | carry);
      carry = bits >>> 31;
      while (edges !== 0) {
        const low = edges & -edges;
        const bit = 31 - Math.clz32(low);
        steps[(word << 5) + bit] += bits & low ? 1 : -1;
        edges ^= low;
      }
    }
  }
  // The best are chosen by counting: no sort of all candidates.
  const numbers = new Int32Array(people.length + 1);
  const busy = new Int32Array(count);
  for (let index = 0, sum = 0; index < count; index++) {
    sum += steps[index];
    busy[index] = sum;
    numbers[sum]++;
  }
  let most = 0;
  for (let room = wanted; most < people.length && room > numbers[most]; most++) room -= numbers[most];
  const found = [];
  for (let index = 0; index < count; index++) {
    if (busy[index] <= most) found.push({ start: first + index * step, free: people.length - busy[index] });
  }
  found.sort((a, b) => b.free - a.free || a.start - b.start);
  return found.slice(0, wanted);
}

/** A page of events as an application keeps them: flat objects with the members that it shows, times as instants. */
export function readEvents(bytes) {
  const page = JSON.parse(new TextDecoder().decode(bytes));
  return page.value.map((event) => ({
    id: event.id,
    etag: event["@odata.etag"],
    subject: event.subject ?? "",
    start: new Date(`${event.start.dateTime}Z`),
    end: new Date(`${event.end.dateTime}Z`),
    allDay: event.isAllDay,
    cancelled: event.isCancelled,
    location: event.location?.displayName ?? "",
    showAs: event.showAs,
    sensitivity: event.sensitivity,
    response: event.responseStatus?.response,
    organizer: event.organizer?.emailAddress,
    attendees: event.attendees.map(({ emailAddress, type, status }) => ({ ...emailAddress, type, response: status?.response })),
    body: event.bodyPreview,
    joinUrl: event.onlineMeeting?.joinUrl,
    webLink: event.webLink,
  }));
}
