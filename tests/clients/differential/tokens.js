// Edits of a document's text, token by token.

const TOKEN = /"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|\.\.\.|[_A-Za-z]\w*|-?\d[\d.eE+-]*|\S|\s+/gu;
const ODD = [
  '"\\u{110000}"', '"\\uD83D"', '"\\u{D83D}\\u{DE97}"', '"\\x"', '"open', '"""open', '01', '1.', '1a', '.5', '1e', '-', '0x1F',
  '"\\u{}"', '"\\u00e"', "'a'", '@', '$', '&', '|', '!', '=', ':', '...', '..', '....', '?', '%', '“', 'on', 'fragment', 'query',
  'null', 'true', '$v1', '[', ']', '{', '}', '(', ')', '"\\u{1F697}"', '"\\uD83D\\uDE97"', '"""a"""', '1e5', '-0', '0.0', '{}', '[]',
  '""', '\u00A0', '\uFEFF', 'é', '🚗', '"🚗"', '\u007F', '"\u007F"',
];

/** The text's tokens and what is between them. */
export const tokens = (text) => text.match(TOKEN) ?? [];

/** One to three random edits. */
export function tokensEdited(text, random) {
  const parts = tokens(text);
  for (let turn = random.weighted([[6, 1], [3, 2], [1, 3]]); turn > 0; turn -= 1) {
    const [at, other] = [random.below(parts.length), random.below(parts.length)];
    random.weighted([
      [4, () => parts.splice(at, 1)],
      [3, () => parts.splice(at, 0, parts[other])],
      [3, () => ([parts[at], parts[other]] = [parts[other], parts[at]])],
      [3, () => parts.splice(at, 1, random.pick(ODD))],
      [3, () => parts.splice(at, 0, ` ${random.pick(ODD)} `)],
      [1, () => parts.splice(at)],
    ])();
  }
  return parts.join('');
}
