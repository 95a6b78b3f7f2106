// The bot's clock, and the buttons that move it or let the others answer.

import * as api from "./api.js";
import { botNow, dateInWords, placeOf, setBotClock, timeOfDay } from "./time.js";

const SHOWS_TIME_EVERY_MS = 5_000;

export class TimeBar {
  constructor({ peopleShown }) {
    this.clock = document.getElementById("clock");
    this.zoneName = document.getElementById("zone");
    this.outcome = document.getElementById("outcome");
    this.buttons = [...document.querySelectorAll("[data-move]")];
    this.zone = "Europe/London";
    this.peopleShown = peopleShown;
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
    this.progress({ text: "One moment…", running: true });
    try {
      const { text, now } = await this.ask(move);
      if (now) this.moved(now);
      this.progress({ text, running: false });
    } catch (error) {
      this.progress({ text: error.message, running: false });
    }
  }

  ask(move) {
    return move === "everyone" ? api.everyoneElse(this.peopleShown()) : api.moveClock(move);
  }

  progress({ text, running }) {
    this.running = running;
    if (this.outcome.textContent !== text) this.outcome.textContent = text;
    this.outcome.classList.toggle("running", running);
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(running));
  }
}
