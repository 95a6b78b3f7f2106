// The requests that the page makes. A refusal becomes an Error with the server's kind sentence.

const BASE = "/playground/api";
const UNREACHABLE = "The playground can't be reached just now. Is it still running?";

async function ask(path, options) {
  let response;
  try {
    response = await fetch(BASE + path, options);
  } catch {
    throw new Error(UNREACHABLE);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.error ?? UNREACHABLE), { status: response.status });
  return answer;
}

function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export const people = () => ask("/people");
export const state = (person) => ask(`/state?${new URLSearchParams({ person })}`);
export const tap = (person, place, { action, value }) =>
  send("/tap", { person, ...place, action, value });
export const submit = (person, place, { action, value }, fields) =>
  send("/submit", { person, ...place, action, value, fields });
export const say = (person, text, thread) => send("/say", { person, text, thread });
export const moveClock = (move, people) => send("/clock", { move, people });
export const everyoneElse = (shown) => send("/everyone", { except: shown });
export const sending = (person) => ask(`/sending?${new URLSearchParams({ person })}`);
export const retrySending = (person, choice) => send("/sending/retry", { person, ...choice });
export const expireSending = (person, choice) => send("/sending/expire", { person, ...choice });
