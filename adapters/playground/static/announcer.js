// Says politely, to screen readers, that messages came in; several at once become one sentence.

const GATHERS_MS = 700;
const gathered = new Map();
let timer;

export function announceMessage(name, summary) {
  const messages = gathered.get(name) ?? [];
  gathered.set(name, [...messages, summary]);
  clearTimeout(timer);
  timer = setTimeout(speak, GATHERS_MS);
}

function speak() {
  const sentences = [...gathered].map(([name, summaries]) =>
    summaries.length === 1
      ? `New message for ${name}: ${summaries[0]}`
      : `${summaries.length} new messages for ${name}. The latest: ${summaries.at(-1)}`,
  );
  gathered.clear();
  document.getElementById("announcer").textContent = sentences.join(" ");
}
