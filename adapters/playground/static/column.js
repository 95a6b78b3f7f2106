// One person: their messages, their channels and the bot's home page for them.

import { announceMessage } from "./announcer.js";
import * as api from "./api.js";
import { button, el, freshId } from "./dom.js";
import { portrait, rolesOf } from "./people.js";
import { Replies } from "./replies.js";
import { renderParts } from "./render.js";
import { Thread } from "./thread.js";
import { placeOf, setBotClock } from "./time.js";
import { Unread } from "./unread.js";
import { composer } from "./composer.js";

const VIEWS = { messages: "Messages", channels: "Channels", home: "Home" };

export class Column {
  constructor(person, { actions, isFront, changed }) {
    this.person = person;
    this.isFront = isFront;
    this.view = "messages";
    this.threads = new Map();
    this.roomBadges = new Map();
    this.replies = new Replies(person, () => this.node);
    this.unread = new Unread(() => { this.showUnread(); changed(); });
    this.build(actions);
  }

  // --- what it is made of

  build(actions) {
    const title = el("h2", { id: freshId("person") }, this.person.name);
    const about = [this.person.team, ...rolesOf(this.person), placeOf(this.person.zone)];
    this.tabs = Object.fromEntries(Object.keys(VIEWS).map((view) => [view, this.tab(view)]));
    this.panels = {
      messages: el("div", { class: "panel" }),
      channels: el("div", { class: "panel" }),
      home: el("div", { class: "panel page", tabindex: "0", role: "region", "aria-label": "Home page" }),
    };
    this.node = el("section", { class: "column", "aria-labelledby": title.id, tabindex: "-1" },
      el("div", { class: "person" },
        portrait(this.person),
        el("div", { class: "who" }, title, el("p", {}, about.filter(Boolean).join(" · "))),
        el("div", { class: "person-actions" }, actions)),
      el("nav", { class: "tabs", "aria-label": `What ${this.person.name} sees` }, Object.values(this.tabs)),
      Object.values(this.panels));
    this.show(this.view);
  }

  tab(view) {
    const badge = el("span", { class: "badge", hidden: true });
    const node = button([VIEWS[view], badge], () => this.show(view), { class: "tab" });
    return Object.assign(node, { badge });
  }

  // --- what the server says

  async load() {
    const state = await api.state(this.person.id);
    setBotClock(state.now);
    this.dm = state.direct.id;
    this.take(state.direct);
    for (const channel of state.channels) this.take(channel);
    this.arrange(state.channels);
    this.showHome(state.home);
    this.loaded = true;
  }

  take({ id, name, messages }) {
    const label = id === this.dm ? `Messages to ${name}` : `Messages in ${name}`;
    const tapped = (...what) => this.tapped(id, ...what);
    if (!this.threads.has(id)) this.threads.set(id, new Thread({ label, person: this.person, tapped }));
    for (const message of messages) this.arrive(id, message);
  }

  // False if the conversation isn't known here yet, so that the state has to be fetched.
  arrive(conversation, message) {
    const thread = this.threads.get(conversation);
    if (!thread) return false;
    if (!thread.put(message) || !this.loaded || message.author !== "bot") return true;
    announceMessage(this.person.name, message.body.summary);
    if (!this.sees(conversation)) this.unread.add(conversation);
    return true;
  }

  // --- what is shown

  arrange(channels) {
    const { node } = this.threads.get(this.dm);
    if (!node.isConnected) this.panels.messages.append(node, composer(this.person));
    this.channels = channels;
    this.channel = channels.find(({ id }) => id === this.channel)?.id ?? channels[0]?.id;
    this.showChannel(this.channel);
    if (this.view === "messages") this.threads.get(this.dm).toEnd();
  }

  showChannel(id) {
    this.channel = id;
    const thread = this.threads.get(id);
    const focused = this.panels.channels.querySelector("nav")?.contains(document.activeElement);
    const rooms = el("nav", { class: "rooms", "aria-label": "Channels" },
      this.channels.map((each) => this.room(each)));
    const none = el("p", { class: "empty" }, "No channels here.");
    const shown = this.panels.channels.lastElementChild === thread?.node;
    if (shown) this.panels.channels.firstElementChild.replaceWith(rooms);
    else this.panels.channels.replaceChildren(...(thread ? [rooms, thread.node] : [none]));
    if (!shown) thread?.toEnd();
    if (focused) rooms.querySelector("[aria-current]")?.focus();
    this.markSeen();
  }

  room({ id, name }) {
    const badge = showCount(el("span", { class: "badge" }), this.unread.of(id));
    this.roomBadges.set(id, badge);
    const current = id === this.channel ? "true" : null;
    return button([name, badge], () => this.showChannel(id), { class: "room", "aria-current": current });
  }

  showHome(message) {
    const described = JSON.stringify(message);
    if (described === this.home) return;
    this.home = described;
    const focused = this.panels.home.contains(document.activeElement);
    const tapped = (...what) => this.tapped("", "home", ...what);
    const [title, ...rest] = renderParts(message.parts, { heading: 3, tapped });
    const link = this.person.roles.includes("admin") ? [sendingLink(this.person)] : [];
    this.panels.home.replaceChildren(title, ...link, ...rest);
    if (focused) this.panels.home.focus({ preventScroll: true });
  }

  show(view) {
    this.view = view;
    for (const [name, tab] of Object.entries(this.tabs)) {
      if (name === view) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      this.panels[name].hidden = name !== view;
    }
    this.threads.get(view === "messages" ? this.dm : this.channel)?.toEnd();
    this.markSeen();
  }

  sees(conversation) {
    if (document.hidden || !this.isFront(this)) return false;
    const open = { messages: this.dm, channels: this.channel }[this.view];
    return open === conversation;
  }

  markSeen() {
    for (const conversation of this.threads.keys()) {
      if (this.sees(conversation)) this.unread.clear(conversation);
    }
  }

  showUnread() {
    const direct = this.unread.of(this.dm);
    showCount(this.tabs.messages.badge, direct);
    showCount(this.tabs.channels.badge, this.unread.total() - direct);
    for (const [id, badge] of this.roomBadges) showCount(badge, this.unread.of(id));
  }

  // --- what the person does

  tapped(conversation, messageId, button, element) {
    const place = { conversation, message_id: messageId };
    const back = () => element.isConnected ? element : this.threads.get(conversation)?.article(messageId);
    return this.replies.tap(place, button, element, back);
  }
}

function showCount(badge, count) {
  badge.textContent = `${count} new`;
  badge.hidden = !count;
  return badge;
}

// How sending goes has a page of its own, which only this platform has.
const sendingLink = ({ id }) =>
  el("p", {}, el("a", { href: `/playground/sending#${new URLSearchParams({ person: id })}` }, "How sending goes"));
