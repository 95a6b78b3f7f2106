// Several conversations in one panel: a list of them, and the one that is chosen.

import { button, el } from "./dom.js";
import { showCount } from "./unread.js";

export class Rooms {
  // `content(id)` is what a conversation is made of, `unseen(id)` how many of its messages are new,
  // and `shown(id, isNew)` hears of each time that one is shown. A list shorter than `least` hides.
  constructor({ label, kind, least, content, unseen, shown }) {
    Object.assign(this, { label, kind, least, content, unseen, shown });
    this.panel = el("div", { class: "panel" });
    this.places = [];
    this.badges = new Map();
  }

  // Takes the conversations that there are now, and stays at the one that is shown.
  arrange(places) {
    this.places = places;
    this.show(places.find(({ id }) => id === this.id)?.id ?? places[0]?.id);
  }

  show(id) {
    const isNew = id !== this.id || !this.list;
    const focused = this.list?.contains(document.activeElement);
    this.id = id;
    const list = el("nav",
      { class: `rooms ${this.kind}`, "aria-label": this.label, hidden: this.places.length < this.least },
      this.places.map((place) => this.room(place)));
    if (isNew) this.panel.replaceChildren(list, ...this.content(id));
    else this.list.replaceWith(list);
    this.list = list;
    const current = list.querySelector("[aria-current]");
    if (focused) current?.focus();
    else current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.shown(id, isNew);
  }

  room({ id, name, about }) {
    const badge = showCount(el("span", { class: "badge" }), this.unseen(id));
    this.badges.set(id, badge);
    return button(
      [el("span", { class: "name" }, name), about ? el("small", {}, about) : null, badge],
      () => this.show(id),
      { class: "room", "aria-current": id === this.id ? "true" : null });
  }

  showUnseen() {
    for (const [id, badge] of this.badges) showCount(badge, this.unseen(id));
  }
}
