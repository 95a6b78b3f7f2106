// How many messages of each conversation haven't been seen.

export class Unread {
  constructor(changed) {
    this.counts = new Map();
    this.changed = changed;
  }

  of(conversation) {
    return this.counts.get(conversation) ?? 0;
  }

  total() {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  add(conversation) {
    this.counts.set(conversation, this.of(conversation) + 1);
    this.changed();
  }

  clear(conversation) {
    if (this.counts.delete(conversation)) this.changed();
  }
}

export function showCount(badge, count) {
  badge.textContent = `${count} new`;
  badge.hidden = !count;
  return badge;
}
