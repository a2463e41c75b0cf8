// Lines and columns in a document, and keys that JSON repeats.

/** Where the fields begin, as `line:column`, and their arguments, which an error may point at as well. */
export function startsOf(fields) {
  const starts = new Set();
  for (const field of fields) {
    const parts = [field, ...(field.arguments ?? []).flatMap((argument) => [argument, argument.value])];
    parts.flatMap(({ loc }) => placesOf(loc.source.body, loc.start)).forEach((place) => starts.add(place));
  }
  return starts;
}

/** A place in a text; columns may count code points or UTF-16 units, which section 7.1.2 leaves open. */
function placesOf(text, offset) {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  const before = lines.at(-1);
  return [`${lines.length}:${before.length + 1}`, `${lines.length}:${[...before].length + 1}`];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The keys that an object of the JSON text has twice. JSON.parse keeps the last only. */
export function repeatedKeys(text, parsed) {
  if (JSON.stringify(parsed) === text) {
    return [];
  }
  const [open, found] = [[], []];
  let last;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      if (open.at(-1).has(last)) {
        found.push(last);
      }
      open.at(-1).add(last);
    }
    last = token;
  }
  return found;
}
