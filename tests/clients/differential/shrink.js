// Makes a request smaller while its deviation stays.

import { Kind, print } from 'graphql';

import { parseDocument } from './oracle.js';
import { STEPS } from './reword.js';
import { tokens } from './tokens.js';
import { become, copy, forgetUnused, fragments, nodes } from './tree.js';

/** Requests that one example may cost. */
const MOST = 500;
/** Seeds that are tried for a smaller request in the same other words. */
const WORDINGS = 3;

/** The smallest request found that has a deviation of the kind, with its detail. */
export async function shrunk(examiner, kind, example) {
  const shrinker = new Shrinker(examiner, kind);
  await shrinker.start(example);
  return shrinker.run();
}

class Shrinker {
  constructor(examiner, kind) {
    Object.assign(this, { examiner, kind, asked: 0, wordings: [undefined] });
  }

  /** For a question in other words: finds one step that is enough, where there is one. */
  async start(example) {
    this.best = example;
    if (!example.wording) {
      return;
    }
    this.wordings = [example.wording];
    for (const only of STEPS) {
      const wordings = Array.from({ length: WORDINGS }, (_, more) => ({ seed: example.wording.seed + more, only }));
      const found = await this.#deviates(example, wordings);
      if (found) {
        [this.best, this.wordings] = [found, wordings];
        return;
      }
    }
  }

  async run() {
    for (let before; before !== this.best && this.asked < MOST;) {
      before = this.best;
      await this.#pass();
    }
    const tidy = { ...this.best, query: onOneLine(this.best.query) };
    return (await this.#deviates(tidy, this.wordings)) ?? this.best;
  }

  /** Goes once through all that may be left out. */
  async #pass() {
    for (let at = 0; this.asked < MOST;) {
      const smaller = nth(candidates(this.best), at);
      if (!smaller) {
        return;
      }
      const candidate = smaller();
      const found = size(candidate) < size(this.best) && (await this.#deviates(candidate, this.wordings));
      this.best = found || this.best;
      at += found ? 0 : 1;
    }
  }

  async #deviates(candidate, wordings) {
    for (const wording of wordings) {
      this.asked += 1;
      const { problems, otherProblems = [], reworded } = await this.examiner.examine(candidate, wording);
      const found = [...problems, ...otherProblems].find((problem) => problem.kind === this.kind);
      if (found) {
        return { ...candidate, detail: found.detail, ...(wording && { wording, other: onOneLine(reworded.query) }) };
      }
    }
    return undefined;
  }
}

/** Without blanks: those are the printer's. */
const size = ({ query, variables, operationName = '' }) =>
  [query, operationName, JSON.stringify(variables ?? {})].join('').replaceAll(/\s/g, '').length;

/** As the printer has it, on one line where no block string needs more. */
function onOneLine(query) {
  try {
    const printed = print(parseDocument(query));
    return printed.includes('"""') ? printed : printed.replaceAll(/\s+/g, ' ');
  } catch {
    return query;
  }
}

function nth(values, at) {
  let left = at;
  for (const value of values) {
    if (left === 0) {
      return value;
    }
    left -= 1;
  }
  return undefined;
}

/** What makes requests with something left out, the largest parts first. */
function* candidates({ query, variables, operationName }) {
  let document;
  try {
    document = parseDocument(query);
  } catch {
    yield* withoutTokens(query, { variables, operationName });
    return;
  }
  yield () => ({ query, variables: used(variables, document) });
  for (const change of changes(document)) {
    for (const then of [forgetUnused, () => {}]) {
      yield () => {
        const smaller = copy(document);
        change(smaller);
        then(smaller);
        return { query: print(smaller), variables: used(variables, smaller), operationName };
      };
    }
  }
  yield* withoutTokens(query, { variables, operationName });
}

const used = (variables, document) => {
  const names = new Set(nodes(document, Kind.VARIABLE).map(({ name }) => name.value));
  return Object.fromEntries(Object.entries(variables ?? {}).filter(([key]) => names.has(key)));
};

/** Each change, by the place of its node among those of its kind: trees are copied before they change. */
function* changes(document) {
  const lists = [
    [Kind.DOCUMENT, 'definitions'], [Kind.SELECTION_SET, 'selections'], [Kind.OPERATION_DEFINITION, 'variableDefinitions'],
    [Kind.FIELD, 'arguments'], [Kind.FIELD, 'directives'], [Kind.INLINE_FRAGMENT, 'directives'], [Kind.FRAGMENT_SPREAD, 'directives'],
    [Kind.OBJECT, 'fields'], [Kind.LIST, 'values'],
  ];
  for (const [kind, key] of lists) {
    for (const [at, node] of nodes(document, kind).entries()) {
      for (let item = 0; item < node[key].length; item += 1) {
        yield (tree) => nodes(tree, kind)[at][key].splice(item, 1);
      }
    }
  }
  for (const kind of [Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD]) {
    for (const [at] of nodes(document, kind).entries()) {
      yield (tree) => splice(tree, nodes(tree, kind)[at]);
    }
  }
  for (const [at, { alias }] of nodes(document, Kind.FIELD).entries()) {
    if (alias) {
      yield (tree) => delete nodes(tree, Kind.FIELD)[at].alias;
    }
  }
  for (const [at] of nodes(document, Kind.STRING).entries()) {
    yield (tree) => become(nodes(tree, Kind.STRING)[at], { kind: Kind.STRING, value: 'a' });
  }
}

/** What is inside a fragment moves to where it stands. */
function splice(tree, fragment) {
  const named = fragments(tree).find(({ name }) => name.value === fragment.name?.value);
  const inside = (named ?? fragment).selectionSet?.selections ?? [];
  for (const set of nodes(tree, Kind.SELECTION_SET)) {
    set.selections = set.selections.flatMap((selection) => (selection === fragment ? copy(inside) : [selection]));
  }
}

function* withoutTokens(query, rest) {
  const parts = tokens(query);
  for (let length = Math.floor(parts.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let from = 0; from + length <= parts.length; from += length) {
      yield () => ({ query: parts.toSpliced(from, length).join(''), ...rest });
    }
  }
}
