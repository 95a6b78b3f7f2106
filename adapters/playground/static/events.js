// One live stream for the whole tab, whoever it shows.
//
// Browsers allow a server six connections over all tabs, so a tab that stays in the background for a
// while lets its own go and catches up when it is looked at again.

const KINDS = ["posted", "home", "clock", "progress", "reload"];
const LETS_GO_AFTER_MS = 30_000;

export class Live {
  constructor(receive, caughtUp) {
    this.receive = receive;
    this.caughtUp = caughtUp;
    this.people = [];
    document.addEventListener("visibilitychange", () => this.lookedAt(!document.hidden));
  }

  follow(people) {
    if (this.source && people.join() === this.people.join()) return;
    this.people = people;
    this.open();
  }

  open() {
    this.source?.close();
    const query = new URLSearchParams(this.people.map((id) => ["person", id]));
    this.source = new EventSource(`/playground/events?${query}`);
    // Also on each reconnection: whatever was missed is in the state.
    this.source.addEventListener("open", () => this.caughtUp());
    for (const kind of KINDS) {
      this.source.addEventListener(kind, (event) => this.receive(kind, JSON.parse(event.data)));
    }
  }

  lookedAt(now) {
    clearTimeout(this.lettingGo);
    if (!now) {
      this.lettingGo = setTimeout(() => this.source?.close(), LETS_GO_AFTER_MS);
    } else if (this.source?.readyState === EventSource.CLOSED) {
      this.open();
    }
  }
}
