// Sends what a person did and shows what only they may see of the bot's reply.

import * as api from "./api.js";
import { showForm, showNotice } from "./dialog.js";

export class Replies {
  constructor(person, fallback) {
    this.person = person;
    this.fallback = fallback;
  }

  // `back()` is the element that gets the focus when a dialog closes.
  async tap(place, button, element, back) {
    if (element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    try {
      this.show(await api.tap(this.person.id, place, button), place, back);
    } catch (error) {
      this.show({ notice: plain(error.message) }, place, back);
    } finally {
      element.removeAttribute("aria-busy");
    }
  }

  show({ notice, form, errors }, place, back) {
    const shared = {
      name: this.person.name,
      back: () => back() ?? this.fallback(),
      tapped: (button, element) => this.tap(place, button, element, back),
    };
    if (form) showForm(form, { ...shared, send: (fields) => this.send(place, form, fields, back) });
    else if (notice) showNotice(notice, shared);
    else if (errors && Object.keys(errors).length) {
      showNotice(plain(Object.values(errors).join(" ")), shared);
    }
  }

  async send(place, form, fields, back) {
    const reply = await api.submit(this.person.id, place, form, fields);
    return { errors: reply.errors, follow: () => this.show({ ...reply, errors: {} }, place, back) };
  }
}

const plain = (text) => ({ summary: text, parts: [{ type: "paragraph", text }] });
