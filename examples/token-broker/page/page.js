// The broker's own page: the calendar of one mailbox for the next seven days, read with the application's token.

import init, { createClient } from "/convoke/index.js";

const show = (id) => document.getElementById(id).removeAttribute("hidden");
const say = (text) => (document.getElementById("status").textContent = text);

/** The broker gives a token to this origin alone, and to whoever has its cookie. */
async function tokenProvider({ reason }) {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "content-type": "application/json", "x-token-broker": "1" },
    body: JSON.stringify({ reason }),
  });
  if (!response.ok) throw new Error(`the broker answered ${response.status}`);
  return (await response.json()).accessToken;
}

async function main() {
  const response = await fetch("/settings");
  if (response.status === 401) {
    show("enter");
    if (location.search === "?wrong") show("wrong");
    return;
  }
  show("leave");
  const { mailbox, graph } = await response.json();
  await init();
  const client = createClient({ tokenProvider, mailbox, baseUrl: graph });
  const start = new Date();
  const end = new Date(start.getTime() + 7 * 86_400_000);
  const events = await client.events.list({ start: start.toISOString(), end: end.toISOString() }).all(50);
  for (const { subject, start } of events) {
    const item = document.createElement("li");
    item.textContent = `${start.dateTime.slice(0, 16).replace("T", " ")}  ${subject}`;
    document.getElementById("events").append(item);
  }
  say(events.length === 0 ? `Nothing in the calendar of ${mailbox}.` : `The calendar of ${mailbox}:`);
}

main().catch((error) => say(`${error.message} ${error.advice ?? ""}`));
