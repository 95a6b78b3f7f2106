// What the page of every fake is made with. Everything is put in as text, never as HTML.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export async function ask(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return (await fetch(path, options || {})).json();
}

// Draw anew, and keep the focus where it was. With `follow` the end stays in sight if it was.
export function redraw(surface, { first, follow }, draw) {
  const key = document.activeElement?.dataset?.key;
  const atEnd = first || surface.scrollHeight - surface.scrollTop - surface.clientHeight < 40;
  draw();
  if (follow && atEnd) surface.scrollTop = surface.scrollHeight;
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
