// The bot's clock, and instants in words, in somebody's own zone.

let ahead = 0;

export function setBotClock(now) {
  ahead = Date.parse(now) - Date.now();
}

export function botNow() {
  return new Date(Date.now() + ahead);
}

const formats = new Map();

function format(instant, zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  }
  return formats.get(key).format(new Date(instant));
}

export const timeOfDay = (instant, zone) =>
  format(instant, zone, { hour: "2-digit", minute: "2-digit" });

export const dayInWords = (instant, zone) =>
  format(instant, zone, { weekday: "long", day: "numeric", month: "long" });

// "Mon 23 Nov, 10:05"
export const shortMoment = (instant, zone) => {
  const day = format(instant, zone, { weekday: "short", day: "numeric", month: "short" });
  return `${day.replace(",", "")}, ${timeOfDay(instant, zone)}`;
};

export const dateInWords = (instant, zone) =>
  format(instant, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");

// "Europe/London" → "London time"
export const placeOf = (zone) => `${zone.split("/").pop().replaceAll("_", " ")} time`;
