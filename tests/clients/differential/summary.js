// Counts deviations by kind and keeps the smallest example of each.

import { kinds } from './kinds.js';
import { shrunk } from './shrink.js';

/** What came of a run. */
export class Summary {
  constructor(seed) {
    this.seed = seed;
    this.documents = 0;
    this.refused = 0;
    this.answered = 0;
    this.failed = 0;
    this.reworded = 0;
    this.limited = 0;
    /** Rule → documents that broke it, as the first of the rules. */
    this.exercised = new Map();
    this.found = new Map(kinds.map(({ id }) => [id, { count: 0 }]));
  }

  add(request, { verdict, judged, problems, answered, failed, reworded, otherProblems = [], otherLimit }) {
    this.documents += 1;
    this.limited += judged.limit && !verdict.refused ? 1 : 0;
    this.answered += answered ? 1 : 0;
    this.failed += failed ? 1 : 0;
    this.reworded += reworded && !otherLimit ? 1 : 0;
    if (verdict.refused) {
      this.refused += 1;
      const { stage, rules } = verdict.refused;
      const kind = `accepted ${rules[0] ?? stage}`;
      this.exercised.set(kind, (this.exercised.get(kind) ?? 0) + 1);
    }
    this.#count(request, problems, request);
    this.#count(request, otherProblems, reworded);
  }

  #count(request, problems, told) {
    for (const kind of new Set(problems.map((problem) => problem.kind))) {
      const found = this.found.get(kind);
      const { detail } = problems.find((problem) => problem.kind === kind);
      found.count += 1;
      if (!found.example || told.query.length < found.example.query.length) {
        const compared = kind.startsWith('reworded');
        const { query, variables, operationName } = compared ? request : told;
        const { number } = request;
        found.example = { query, variables, operationName, detail, number, ...(compared && { wording: { seed: number } }) };
      }
    }
  }

  /** Makes the example of each kind smaller. */
  async shrink(examiner) {
    for (const [kind, { example }] of this.found) {
      if (example) {
        Object.assign(example, await shrunk(examiner, kind, example));
      }
    }
  }

  /** How many documents could have shown a deviation of the kind. */
  tried(kind) {
    const accepted = this.exercised.get(kind) ?? 0;
    return kind.startsWith('accepted') ? accepted : kind === 'code' ? this.refused : this.answered;
  }

  get deviations() {
    return [...this.found].filter(([, { count }]) => count > 0);
  }

  toJSON() {
    const { seed, documents, refused, answered, failed, reworded, limited } = this;
    const told = kinds.map(({ id, section, title }) => ({ kind: id, section, title, ...this.found.get(id) }));
    return { seed, documents, refused, answered, failed, reworded, limited, exercised: Object.fromEntries(this.exercised), kinds: told };
  }

  toString() {
    const { seed, documents, refused, answered, failed, reworded, limited } = this;
    const lines = [
      `${documents} documents grown with the seed ${seed}: ${refused} to be refused, ${answered} answered (${failed} with errors),`
      + ` ${reworded} of these asked in other words, ${limited} over a limit of the server`,
    ];
    for (const { id, section, title } of kinds) {
      const { count, example } = this.found.get(id);
      if (count > 0) {
        lines.push('', `${String(count).padStart(6)}  ${id} (${section}): ${title}`, ...indented(example));
      }
    }
    const sum = this.deviations.reduce((total, [, { count }]) => total + count, 0);
    return [...lines, '', `${sum} deviations of ${this.deviations.length} kinds`].join('\n');
  }
}

const indented = ({ query, variables, operationName, detail, other }) => [
  ...query.split('\n'),
  ...(Object.keys(variables ?? {}).length > 0 ? [`variables ${JSON.stringify(variables)}`] : []),
  ...(operationName ? [`operationName ${operationName}`] : []),
  ...(other ? ['in other words', ...other.split('\n')] : []),
  `→ ${detail}`,
].map((line) => `          ${line}`);
