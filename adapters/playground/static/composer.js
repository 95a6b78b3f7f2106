// The line in which somebody types to the bot.

import * as api from "./api.js";
import { el, freshId } from "./dom.js";

const LONGEST = 2000;

// `thread` is the message that the conversation began with, if it is one of its own.
export function composer(person, thread = "") {
  const id = freshId("line");
  const line = el("input", { id, type: "text", maxlength: LONGEST, autocomplete: "off",
    placeholder: thread ? "Write in this conversation" : "Write to Wellbeing Warrior" });
  const problem = el("p", { class: "error", role: "alert", hidden: true });

  async function onsubmit(event) {
    event.preventDefault();
    const text = line.value.trim();
    if (!text) return;
    line.value = "";
    try {
      await api.say(person.id, text, thread);
      problem.hidden = true;
    } catch (error) {
      line.value ||= text;
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }

  return el("form", { class: "composer", onsubmit },
    problem,
    el("label", { for: id, class: "unseen" },
      `Write ${thread ? "in this conversation" : "to Wellbeing Warrior"} as ${person.name}`),
    line,
    el("button", { type: "submit", class: "button primary" }, "Send"));
}
