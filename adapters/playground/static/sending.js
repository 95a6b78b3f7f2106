// The admin's page: how sending goes, and trying again or calling off what failed.

import * as api from "./api.js";
import { button, el, freshId } from "./dom.js";
import { dateInWords, timeOfDay } from "./time.js";

const LOOKS_EVERY_MS = { running: 1_000, resting: 5_000 };
// A large organisation's counts take a while: asking takes a fifth of the time at most.
const RESTS_TIMES = 4;

const person = new URLSearchParams(location.hash.slice(1)).get("person");
const clock = document.getElementById("clock");
const now = document.getElementById("now");
const lately = document.getElementById("lately");
const outcome = document.getElementById("outcome");
const firings = new Map();

async function look() {
  const began = performance.now();
  let every = LOOKS_EVERY_MS.resting;
  try {
    const seen = await api.sending(person);
    show(seen);
    if (seen.running) every = LOOKS_EVERY_MS.running;
    if (outcome.dataset.trouble) say("");
  } catch (error) {
    if (error.status === 403) return refuse(error.message);
    say(error.message, true);
  }
  clearTimeout(look.next);
  look.next = setTimeout(look, Math.max(every, RESTS_TIMES * (performance.now() - began)));
}

function refuse(words) {
  for (const part of [clock, now, lately]) part.parentElement.hidden = true;
  say(words);
}

function say(words, trouble = false) {
  if (outcome.textContent !== words) outcome.textContent = words;
  outcome.dataset.trouble = trouble ? "yes" : "";
}

// --- what is shown

function show(seen) {
  clock.dateTime = seen.now;
  clock.textContent = `${dateInWords(seen.now, "UTC")}, ${timeOfDay(seen.now, "UTC")}`;
  const shown = JSON.stringify([seen.lag, seen.running, seen.workspaces]);
  if (now.dataset.shown !== shown) now.replaceChildren(lagInWords(seen), paces(seen.workspaces));
  now.dataset.shown = shown;
  arrange(seen.outcomes);
}

function lagInWords({ lag, running }) {
  const sending = running ? `${running} of the programmes below ${running === 1 ? "is" : "are"} being sent. ` : "";
  const waits = lag ? `What is due the longest has been waiting for ${lag}.` : "Nothing is waiting that is due.";
  return el("p", { class: lag ? "lag" : "lag none" }, sending + waits);
}

function paces(workspaces) {
  return el("ul", { class: "paces" }, workspaces.map(({ id, platform, share, rests_until, lag }) =>
    el("li", {},
      el("strong", {}, id === platform ? id : `${platform} ${id}`),
      " ",
      [
        share >= 100 ? "at full pace" : `at ${share}% of its limit`,
        rests_until && `rests until ${timeOfDay(rests_until, "UTC")} UTC`,
        lag && `${lag} behind`,
      ].filter(Boolean).join(", "))));
}

// A firing keeps its place and its focus; only what has changed is made anew.
function arrange(outcomes) {
  const items = outcomes.map((each) => {
    const key = `${each.programme} ${each.local_at}`;
    const described = JSON.stringify(each);
    const kept = firings.get(key);
    if (kept?.described !== described) {
      const item = kept?.item ?? el("li", { class: "firing" });
      const focused = [...item.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
      item.replaceChildren(...firing(each));
      if (focused >= 0) (item.querySelectorAll("button")[focused] ?? item.querySelector("h3")).focus();
      firings.set(key, { item, described });
    }
    return firings.get(key).item;
  });
  const none = el("li", { class: "help" }, "Nothing has been due yet.");
  const wanted = items.length ? items : [none];
  if (wanted.length !== lately.children.length || wanted.some((item, at) => lately.children[at] !== item)) {
    lately.replaceChildren(...wanted);
  }
}

function firing(each) {
  const title = el("h3", { id: freshId("firing"), tabindex: "-1" },
    el("span", {}, each.programme), " ", el("time", { datetime: each.local_at }, whenInWords(each.local_at)));
  const counts = el("dl", { class: "counts" }, [
    ["Sent", each.sent],
    ["Waiting", each.waiting],
    ["Later", each.later],
    ["In hand", each.in_hand],
    ["Being looked up", each.unknown],
  ].filter(([, count]) => count !== null).map(([name, count]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, count))));
  return [
    title,
    bar(each, title),
    counts,
    reasons("Failed", each, each.failed),
    reasons("Not sent", each, each.expired),
    reasons("Skipped", each, each.skipped),
    each.missed_in ? el("p", { class: "help" }, `Not planned in ${zones(each.missed_in)}.`) : null,
    callOff(each),
  ].filter(Boolean);
}

const zones = (number) => number === 1 ? "one zone" : `${number} zones`;

// "2026-11-23T09:30" is local to each person, so it is shown as it is.
const whenInWords = (local) => `${dateInWords(`${local}Z`, "UTC")}, ${timeOfDay(`${local}Z`, "UTC")}`;

function bar({ progress, running }, title) {
  if (progress === null && !running) return null;
  const percent = progress === null ? {} : { value: progress };
  const words = progress === null ? "under way" : progress === 100 ? "all done" : `${progress}% done`;
  return el("p", { class: "progress" },
    el("progress", { max: 100, ...percent, "aria-labelledby": title.id }, words),
    el("span", {}, running && progress !== null ? `Sending, ${words}` : running ? "Sending" : sentence(words)));
}

const sentence = (words) => words[0].toUpperCase() + words.slice(1);

function reasons(title, each, found) {
  if (!found.length) return null;
  return el("div", { class: "reasons" },
    el("h4", {}, title),
    el("ul", {}, found.map(({ reason, words, count }) =>
      el("li", {},
        el("span", {}, el("strong", {}, count), ` ${words}`),
        title === "Failed" ? again(each, reason, words) : null))));
}

// --- by hand

function again(each, reason, words) {
  const choice = { programme: each.programme, local_at: each.local_at, reason };
  return el("span", { class: "by-hand" },
    button("Send again", () => confirm({
      title: "Send again?",
      text: `${named(each)}: what failed because of “${words}” is sent once more, unless it is too late for it.`,
      yes: "Send again",
      act: () => api.retrySending(person, choice),
    }), { class: "button small", "aria-label": `Send again: ${named(each)}, ${words}` }),
    button("Call off", () => confirm({
      title: "Call it off?",
      text: `${named(each)}: what failed because of “${words}” is called off. Nobody gets it any more.`,
      yes: "Call it off",
      act: () => api.expireSending(person, choice),
    }), { class: "button small quiet", "aria-label": `Call off: ${named(each)}, ${words}` }));
}

function callOff(each) {
  if (!each.waiting && !each.later) return null;
  return el("p", { class: "by-hand" },
    button("Call off the rest", () => confirm({
      title: "Call it off?",
      text: `${named(each)}: what waits, or has failed, is called off. Nobody gets it any more.`,
      yes: "Call it off",
      act: () => api.expireSending(person, { programme: each.programme, local_at: each.local_at }),
    }), { class: "button small quiet", "aria-label": `Call off the rest: ${named(each)}` }));
}

const named = (each) => `${each.programme}, ${whenInWords(each.local_at)}`;

function confirm({ title, text, yes, act }) {
  const opener = document.activeElement;
  const heading = el("h2", { id: freshId("title"), tabindex: "-1" }, title);
  const body = el("p", { id: freshId("body") }, text);
  const problem = el("p", { class: "error", role: "alert", hidden: true });
  const go = button(yes, async () => {
    if (go.getAttribute("aria-disabled") === "true") return;
    go.setAttribute("aria-disabled", "true");
    try {
      say((await act()).text);
      dialog.close();
      look();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      go.removeAttribute("aria-disabled");
    }
  }, { class: "button primary" });
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": heading.id, "aria-describedby": body.id },
    heading, el("div", { class: "body" }, body), problem,
    el("div", { class: "actions" },
      button("Cancel", () => dialog.close(), { class: "button", autofocus: true }), go));
  dialog.addEventListener("close", () => {
    dialog.remove();
    (opener.isConnected ? opener : document.getElementById("sending")).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// --- start

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("sending").focus();
});
window.addEventListener("hashchange", () => location.reload());
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(look.next) : person && look());
if (person) {
  document.getElementById("back").href = `/playground#${new URLSearchParams({ person })}`;
  look();
} else {
  refuse("Open this page from the home page of an admin.");
}
