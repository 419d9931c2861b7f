// Takes the provider's answer to the page that awaits it: over a channel where that page opened this window, else by going back to it.
// What the answer says is judged there; nothing here reads it but the part that names the way.

(() => {
  const answer = location.hash.length > 1 ? location.hash : location.search;
  // Before anything else: neither the address bar nor the history keeps it.
  history.replaceState(null, "", location.pathname);

  const RECEIVED = "received";
  const PATIENCE_MS = 5_000;
  const state = new URLSearchParams(answer.slice(1)).get("state") ?? "";
  // A window's state has two parts: the proof, which stays with the page that made it, and the channel on which that page listens.
  const channel = /^[\w-]{43}\.([\w-]{43})$/.exec(state)?.[1];
  if (channel) {
    deliver();
  } else if (!goBack()) {
    say("This sign-in began in another tab or window, or long ago. Go back there and finish it, or sign in again.");
  }

  /** Hands the answer over and closes this window. */
  function deliver() {
    // A window that a page opens starts with a copy of that page's storage. Nobody needs it here.
    storage()?.clear();
    const page = new BroadcastChannel(`convoke.${channel}`);
    const late = setTimeout(() => {
      say("The page where this sign-in began is no longer open. Close this window and sign in again.");
    }, PATIENCE_MS);
    page.addEventListener("message", ({ data, origin }) => {
      if (origin !== location.origin || data !== RECEIVED) return;
      clearTimeout(late);
      page.close();
      say("You are signed in. You can close this window.");
      close();
    });
    page.postMessage(answer);
  }

  /** Where the page itself went to the sign-in: it continues there, with the answer. Only this tab's own request says where that is. */
  function goBack() {
    try {
      const pending = JSON.parse(storage()?.getItem("convoke.pending") ?? "null");
      const target = new URL(pending.page);
      if (state === "" || pending.state !== state || target.origin !== location.origin) return false;
      target.hash = answer.slice(1);
      location.replace(target.href);
      return true;
    } catch {
      return false;
    }
  }

  function storage() {
    try {
      return sessionStorage;
    } catch {
      // The browser keeps nothing for this origin.
      return undefined;
    }
  }

  function say(text) {
    const show = () => {
      const place = document.getElementById("said");
      if (!place) return;
      place.textContent = text;
      // Not by a style sheet: this page loads nothing else.
      for (const [name, value] of [["font", "1rem/1.5 system-ui, sans-serif"], ["max-width", "30rem"], ["margin", "4rem auto"], ["padding", "0 1rem"]]) {
        place.style.setProperty(name, value);
      }
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
    else show();
  }
})();
