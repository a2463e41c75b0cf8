// The same tokens, spelled otherwise: blanks, commas, comments, escapes, block strings, descriptions.

import { Lexer, parseValue, Source, TokenKind } from 'graphql';

const BLANKS = [' ', '\n', ',', ' , ', '\t', '\n\n', ' # "a comment { \n', '\r\n', '  '];
const WORDS = [TokenKind.NAME, TokenKind.INT, TokenKind.FLOAT];
const NUMBERS = [TokenKind.INT, TokenKind.FLOAT];
const STRINGS = [TokenKind.STRING, TokenKind.BLOCK_STRING];
const DESCRIPTIONS = [' "what it is" ', '\n"""\nwhat "it" is\n"""\n', '"" '];
const DEFINED = ['query', 'mutation', 'subscription', 'fragment'];

/** Spells a third of all texts anew; only a text that can be lexed may come. */
export function respell(text, random, share = 0.35) {
  if (!random.chance(share)) {
    return text;
  }
  const style = {
    tight: random.chance(0.3),
    escapes: random.weighted([[12, undefined], [3, fixedEscape], [1, bracedEscape]]),
    blocks: random.chance(0.2),
    described: random.chance(0.06),
    strings: new Map(),
  };
  const lexer = new Lexer(new Source(text));
  let [result, last, braces, parentheses] = [random.chance(0.02) ? '\uFEFF' : '', lexer.token, 0, 0];
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    // The names of definitions come first in them; in parentheses of an operation, $ comes first in variables.
    const definition = parentheses === 0 && DEFINED.includes(token.value) && [TokenKind.SOF, TokenKind.BRACE_R].includes(last.kind);
    const described = style.described && braces === 0 && (definition || (parentheses === 1 && token.kind === TokenKind.DOLLAR));
    result += described && random.chance(0.7) ? random.pick(DESCRIPTIONS) : '';
    result += separated(last, token, style, random);
    result += STRINGS.includes(token.kind) ? string(token.value, style, random) : text.slice(token.start, token.end);
    braces += (token.kind === TokenKind.BRACE_L) - (token.kind === TokenKind.BRACE_R);
    parentheses += (token.kind === TokenKind.PAREN_L) - (token.kind === TokenKind.PAREN_R);
    last = token;
  }
  return result + (random.chance(0.2) ? random.pick(BLANKS) : '');
}

function separated(last, token, { tight }, random) {
  const needed = (WORDS.includes(last.kind) && WORDS.includes(token.kind))
    || (NUMBERS.includes(last.kind) && token.kind === TokenKind.SPREAD)
    || (STRINGS.includes(last.kind) && STRINGS.includes(token.kind));
  if (tight) {
    return needed ? ' ' : '';
  }
  return needed || random.chance(0.8) ? (random.chance(0.7) ? ' ' : random.pick(BLANKS)) : '';
}

const fixedEscape = (character) => [...Array(character.length).keys()]
  .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

const bracedEscape = (character) => `\\u{${character.codePointAt(0).toString(16).toUpperCase()}}`;

/** Equal strings are spelled as block strings all, or none: whether they are equal otherwise, section 5.3.2 leaves open. */
function string(value, style, random) {
  if (!style.strings.has(value)) {
    style.strings.set(value, style.blocks && random.chance(0.7) ? block(value) : undefined);
  }
  return style.strings.get(value) ?? quoted(value, style, random);
}

function block(value) {
  const text = `"""\n  ${value.replaceAll('"""', '\\"""').replaceAll('\n', '\n  ')}\n"""`;
  try {
    return parseValue(text).value === value ? text : undefined;
  } catch {
    return undefined;
  }
}

function quoted(value, { escapes }, random) {
  if (!escapes) {
    return JSON.stringify(value);
  }
  const spelled = [...value].map((character) => {
    const plain = JSON.stringify(character).slice(1, -1);
    return character > '~' || random.chance(0.2) ? escapes(character) : plain;
  });
  return `"${spelled.join('')}"`;
}
