// One person: their messages, their channels and the bot's home page for them.

import { announceMessage } from "./announcer.js";
import * as api from "./api.js";
import { button, el, freshId } from "./dom.js";
import { portrait, rolesOf } from "./people.js";
import { Replies } from "./replies.js";
import { renderParts } from "./render.js";
import { Rooms } from "./rooms.js";
import { Thread } from "./thread.js";
import { placeOf, setBotClock, shortMoment } from "./time.js";
import { Unread, showCount } from "./unread.js";
import { composer } from "./composer.js";

const VIEWS = { messages: "Messages", channels: "Channels", home: "Home" };

export class Column {
  constructor(person, { actions, isFront, changed }) {
    this.person = person;
    this.isFront = isFront;
    this.view = "messages";
    this.threads = new Map();
    this.begun = new Map(); // the message that a conversation began with → the conversation
    this.replies = new Replies(person, () => this.node);
    this.unread = new Unread(() => { this.showUnread(); changed(); });
    this.build(actions);
  }

  // --- what it is made of

  build(actions) {
    const title = el("h2", { id: freshId("person") }, this.person.name);
    const about = [this.person.team, ...rolesOf(this.person), placeOf(this.person.zone)];
    this.tabs = Object.fromEntries(Object.keys(VIEWS).map((view) => [view, this.tab(view)]));
    this.rooms = { messages: this.messageRooms(), channels: this.channelRooms() };
    this.panels = {
      messages: this.rooms.messages.panel,
      channels: this.rooms.channels.panel,
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

  // All messages, and the conversations of their own that began with one of them.
  messageRooms() {
    const composers = new Map();
    const content = (id) => {
      const root = [...this.begun.keys()].find((each) => this.begun.get(each) === id);
      if (!composers.has(id)) composers.set(id, composer(this.person, root));
      return [this.threads.get(id).node, composers.get(id)];
    };
    return this.roomsOf({ label: "Conversations", kind: "talks", least: 2, content });
  }

  channelRooms() {
    const none = () => el("p", { class: "empty" }, "No channels here.");
    const content = (id) => [this.threads.get(id)?.node ?? none()];
    return this.roomsOf({ label: "Channels", kind: "channels", least: 1, content });
  }

  roomsOf(described) {
    const shown = (id, isNew) => {
      if (isNew) this.threads.get(id)?.toEnd();
      this.markSeen();
    };
    return new Rooms({ ...described, shown, unseen: (id) => this.unread.of(id) });
  }

  tab(view) {
    const badge = el("span", { class: "badge", hidden: true });
    const node = button([VIEWS[view], " ", badge], () => this.show(view), { class: "tab" });
    return Object.assign(node, { badge });
  }

  // --- what the server says

  async load() {
    const state = await api.state(this.person.id);
    setBotClock(state.now);
    this.dm = state.direct.id;
    this.take(state.direct, `Messages to ${this.person.name}`);
    for (const talk of state.threads) this.takeTalk(talk);
    for (const channel of state.channels) this.take(channel, `Messages in ${channel.name}`);
    const talks = state.threads.map(({ id, name, root }) => ({ id, name, about: this.when(root) }));
    this.rooms.messages.arrange([{ id: this.dm, name: "All messages" }, ...talks]);
    this.rooms.channels.arrange(state.channels);
    if (this.view === "messages") this.threads.get(this.rooms.messages.id).toEnd();
    this.showUnread();
    this.showHome(state.home);
    this.loaded = true;
  }

  take({ id, messages, root }, label) {
    // What a conversation began with is shown in it too, and is where it was all the same.
    const tapped = (message, ...what) => this.tapped(message === root?.id ? this.dm : id, message, ...what);
    if (!this.threads.has(id)) this.threads.set(id, new Thread({ label, person: this.person, tapped }));
    if (root) this.threads.get(id).put(root);
    for (const message of messages) this.arrive(id, message);
  }

  takeTalk(talk) {
    this.begun.set(talk.root.id, talk.id);
    this.take(talk, `Conversation: ${talk.name}, ${this.when(talk.root)}`);
    this.threads.get(this.dm).leadsTo(talk.root.id, () => {
      this.rooms.messages.show(talk.id);
      this.threads.get(talk.id).node.focus();
    });
  }

  when({ posted_at }) {
    return shortMoment(posted_at, this.person.zone);
  }

  // False if the conversation isn't known here yet, so that the state has to be fetched.
  arrive(conversation, message) {
    const thread = this.threads.get(conversation);
    if (!thread) return false;
    if (conversation === this.dm) this.threads.get(this.begun.get(message.id))?.put(message);
    if (!thread.put(message) || !this.loaded || message.author !== "bot") return true;
    announceMessage(this.person.name, message.body.summary);
    if (!this.sees(conversation)) this.unread.add(conversation);
    return true;
  }

  // --- what is shown

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
    this.threads.get(this.rooms[view]?.id)?.toEnd();
    this.markSeen();
  }

  sees(conversation) {
    if (document.hidden || !this.isFront(this)) return false;
    return this.rooms[this.view]?.id === conversation;
  }

  markSeen() {
    for (const conversation of this.threads.keys()) {
      if (this.sees(conversation)) this.unread.clear(conversation);
    }
  }

  showUnread() {
    for (const [view, rooms] of Object.entries(this.rooms)) {
      const counts = rooms.places.map(({ id }) => this.unread.of(id));
      showCount(this.tabs[view].badge, counts.reduce((sum, count) => sum + count, 0));
      rooms.showUnseen();
    }
  }

  // --- what the person does

  tapped(conversation, messageId, button, element) {
    const place = { conversation, message_id: messageId };
    const back = () => element.isConnected ? element : this.threads.get(conversation)?.article(messageId);
    return this.replies.tap(place, button, element, back);
  }
}

// How sending goes has a page of its own, which only this platform has.
const sendingLink = ({ id }) =>
  el("p", {}, el("a", { href: `/playground/sending#${new URLSearchParams({ person: id })}` }, "How sending goes"));
