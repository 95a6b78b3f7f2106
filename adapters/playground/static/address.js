// Who is shown lives in the address (`#person=…&beside=…`), so a reload or a second tab keeps it.

export function shown() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const ids = [hash.get("person"), hash.get("beside")].filter(Boolean);
  return [...new Set(ids)];
}

export function show([person, beside]) {
  const hash = new URLSearchParams();
  if (person) hash.set("person", person);
  if (beside) hash.set("beside", beside);
  location.hash = hash;
}
