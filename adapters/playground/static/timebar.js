// The bot's clock, and the buttons that move it or let the others answer.

import * as api from "./api.js";
import { botNow, dateInWords, placeOf, setBotClock, timeOfDay } from "./time.js";

const SHOWS_TIME_EVERY_MS = 5_000;
const STREAM_IS_DOWN_AFTER_MS = 1_500;

export class TimeBar {
  constructor({ peopleShown }) {
    this.clock = document.getElementById("clock");
    this.zoneName = document.getElementById("zone");
    this.outcome = document.getElementById("outcome");
    this.buttons = [...document.querySelectorAll("[data-move]")];
    this.zone = "Europe/London";
    this.peopleShown = peopleShown;
    this.arrived = 0;
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.press(button.dataset.move));
    }
    setInterval(() => this.show(), SHOWS_TIME_EVERY_MS);
  }

  useZone(zone) {
    this.zone = zone;
    this.show();
  }

  moved(now) {
    setBotClock(now);
    this.show();
  }

  show() {
    const now = botNow();
    this.clock.dateTime = now.toISOString();
    this.clock.textContent = `${dateInWords(now, this.zone)}, ${timeOfDay(now, this.zone)}`;
    this.zoneName.textContent = placeOf(this.zone);
  }

  async press(move) {
    if (this.running) return;
    clearTimeout(this.fallback);
    this.progress({ text: "One moment…", running: true });
    try {
      const { text, now } = await this.ask(move);
      if (now) this.moved(now);
      // The stream says it too, after the messages themselves; this is for a stream that is down.
      if (this.running) this.fallback = setTimeout(() => this.progress({ text, running: false }), STREAM_IS_DOWN_AFTER_MS);
    } catch (error) {
      this.progress({ text: error.message, running: false });
    }
  }

  ask(move) {
    const shown = this.peopleShown();
    return move === "everyone" ? api.everyoneElse(shown) : api.moveClock(move, shown);
  }

  // `messages` is how many went out to anybody, `this.arrived` how many of them came here.
  progress({ text, running, messages = 0 }) {
    const elsewhere = messages > 0 && !this.arrived && this.peopleShown().length > 0;
    const words = elsewhere ? `${text} None of it is for the people shown here.` : text;
    if (running && !this.running) this.arrived = 0;
    if (!running) clearTimeout(this.fallback);
    this.running = running;
    if (this.outcome.textContent !== words) this.outcome.textContent = words;
    this.outcome.classList.toggle("running", running);
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(running));
  }
}
