// One conversation: its messages by day, kept up to date in place.

import { button, el } from "./dom.js";
import { renderParts } from "./render.js";
import { dayInWords, timeOfDay } from "./time.js";

const NEAR_THE_END = 80;

export class Thread {
  constructor({ label, person, tapped }) {
    this.person = person;
    this.tapped = tapped;
    this.shown = new Map();
    this.began = new Map();
    this.list = el("ol", { class: "messages" });
    this.empty = el("p", { class: "empty" }, "Nothing here yet. Move the clock on, and see what comes.");
    this.node = el("div", { class: "thread", role: "region", "aria-label": label, tabindex: "0" },
      this.empty, this.list);
  }

  // Takes a message in, or puts it in place of what it said before. True if it is a new one.
  put(message) {
    const known = this.shown.get(message.id);
    if (known && known.revision >= message.revision) return false;
    if (known) this.replace(known, message);
    else this.append(message);
    return !known;
  }

  // A conversation of its own began with this message: it has a way there.
  leadsTo(id, open) {
    if (this.began.has(id)) return;
    this.began.set(id, open);
    this.article(id)?.querySelector(".said").append(this.wayTo(open));
  }

  wayTo(open) {
    return button("Open the conversation", open, { class: "button quiet small" });
  }

  // The article to which the focus returns when the button that had it is gone.
  article(id) {
    return this.shown.get(id)?.node;
  }

  append(message) {
    const stays = this.atEnd();
    const day = dayInWords(message.posted_at, this.person.zone);
    if (day !== this.day) this.list.append(el("li", { class: "day" }, el("h3", {}, day)));
    this.day = day;
    const node = this.render(message);
    this.list.append(el("li", {}, node));
    this.shown.set(message.id, { revision: message.revision, node });
    this.empty.hidden = true;
    if (stays) this.toEnd();
  }

  replace(known, message) {
    const focused = known.node.contains(document.activeElement);
    const node = this.render(message);
    known.node.replaceWith(node);
    this.shown.set(message.id, { revision: message.revision, node });
    if (focused) node.focus({ preventScroll: true });
  }

  render(message) {
    const mine = message.author !== "bot";
    const time = el("time", { datetime: message.posted_at },
      timeOfDay(message.posted_at, this.person.zone));
    const tapped = (button, element) => this.tapped(message.id, button, element);
    const props = { class: mine ? "message mine" : "message", tabindex: "-1" };
    return el("article", { ...props, "aria-label": message.body.summary },
      mine ? null : el("img", { src: "/playground/static/avatar.svg", alt: "", class: "avatar" }),
      el("div", { class: "said" },
        el("p", { class: "by" }, el("strong", {}, mine ? "You" : "Wellbeing Warrior"), time),
        el("div", { class: "bubble" }, renderParts(message.body.parts, { heading: 4, tapped })),
        this.began.has(message.id) ? this.wayTo(this.began.get(message.id)) : null));
  }

  // Whether they are where the newest message is: at the end, or still at the beginning of it.
  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollTop === this.endedAt || scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  // The newest message from its beginning if it is long, else the end of the conversation.
  toEnd() {
    const newest = this.list.lastElementChild?.firstElementChild;
    this.node.scrollTop = this.node.scrollHeight;
    if (newest?.offsetHeight > this.node.clientHeight) newest.scrollIntoView({ block: "start" });
    this.endedAt = this.node.scrollTop;
  }
}
