// The same question in other words: steps that change a document and, by the specification, not what it answers.

import { Kind, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import { condition, fragment, inline, spread, untyped } from './nodes.js';
import { defaultsSpelled, literalsForVariables, variablesForLiterals } from './reword-values.js';
import { Random } from './random.js';
import { respell } from './respell.js';
import { copy, forgetUnused, fragments, nodes, operations } from './tree.js';

/** The steps and how often each is taken, in order. */
const SHARES = {
  inlined: 0.4, spliced: 0.4, settled: 0.4, literals: 0.4, varied: 0.4, defaults: 0.4, repeated: 0.5, wrapped: 0.5,
  conditions: 0.4, shuffled: 0.5,
};
export const STEPS = Object.keys(SHARES);
/** Tells the random numbers of a rewording from those of its document. */
const REWORDED = -1;
const ALIASES = 55;
const DIRECTIVES = 45;

/** Rewords a request that the oracle lets run: `{query, variables}`. With `only`, in that one way. */
export function reworded(request, verdict, schema, { seed, only }) {
  const random = new Random(seed, REWORDED);
  const rewording = new Rewording(request, verdict, schema, random);
  STEPS.filter((step) => (only ? step === only : random.chance(SHARES[step]))).forEach((step) => rewording[step]());
  return rewording.request(only ? 0 : undefined);
}

class Rewording {
  constructor({ variables = {} }, { document, operation, coerced }, schema, random) {
    Object.assign(this, { schema, random, coerced: { ...coerced }, variables: { ...variables } });
    const kept = document.definitions.filter((one) => one === operation || one.kind === Kind.FRAGMENT_DEFINITION);
    this.document = copy({ ...document, definitions: kept });
  }

  get operation() {
    return operations(this.document)[0];
  }

  get #sets() {
    return nodes(this.document, Kind.SELECTION_SET);
  }

  request(respelled) {
    forgetUnused(this.document);
    return { query: respell(print(this.document), this.random, respelled), variables: this.variables };
  }

  /** Named fragments become inline ones. */
  inlined() {
    const known = new Map(fragments(this.document).map((fragment) => [fragment.name.value, fragment]));
    const inside = (set) => {
      set.selections = set.selections.map((selection) => {
        const named = selection.kind === Kind.FRAGMENT_SPREAD && copy(known.get(selection.name.value));
        const result = named ? { ...named, kind: Kind.INLINE_FRAGMENT, directives: selection.directives } : selection;
        if (result.selectionSet) {
          inside(result.selectionSet);
        }
        return result;
      });
    };
    inside(this.operation.selectionSet);
    this.document.definitions = [this.operation];
  }

  /** Inline fragments that change nothing go. */
  spliced() {
    for (const set of this.#sets) {
      set.selections = set.selections.flatMap((selection) => {
        const bare = selection.kind === Kind.INLINE_FRAGMENT && !selection.typeCondition && selection.directives.length === 0;
        return bare ? selection.selectionSet.selections : [selection];
      });
    }
  }

  /** What @skip and @include decide is decided. */
  settled() {
    const truth = ({ value }) => (value.kind === Kind.VARIABLE ? this.coerced[value.name.value] : value.value);
    const holds = ({ name: { value }, arguments: [argument] }) => truth(argument) === (value === 'include');
    const stays = ({ directives }) => directives.every(holds);
    for (const set of this.#sets) {
      const kept = set.selections.filter(stays);
      if (kept.length > 0) {
        kept.forEach((selection) => (selection.directives = []));
        set.selections = kept;
      }
    }
  }

  literals() {
    literalsForVariables(this);
  }

  varied() {
    variablesForLiterals(this);
  }

  defaults() {
    defaultsSpelled(this);
  }

  /** A field becomes two, each with a part of the selections. */
  repeated() {
    const { random } = this;
    for (const set of this.#sets) {
      const fields = set.selections.filter(({ kind, selectionSet }) => kind === Kind.FIELD && selectionSet?.selections.length > 1);
      for (const field of fields.filter(() => random.chance(0.4))) {
        if (nodes(this.document, Kind.FIELD).filter(({ alias }) => alias).length > ALIASES - 1) {
          return;
        }
        const { selections } = field.selectionSet;
        const other = copy(field);
        const cut = 1 + random.below(selections.length - 1);
        field.selectionSet.selections = selections.slice(0, cut);
        other.selectionSet.selections = other.selectionSet.selections.slice(random.chance(0.7) ? cut : random.below(cut));
        set.selections.splice(random.below(set.selections.length + 1), 0, other);
      }
    }
  }

  /** Selections move into fragments that are always there. */
  wrapped() {
    const { random } = this;
    const info = new TypeInfo(this.schema);
    const places = [];
    visit(this.document, visitWithTypeInfo(info, {
      SelectionSet: (set) => {
        places.push([set, info.getParentType()]);
      },
    }));
    for (const [set, type] of places.filter(() => random.chance(0.25))) {
      const from = random.below(set.selections.length);
      const inside = set.selections.slice(from, from + 1 + random.below(3));
      set.selections.splice(from, inside.length, this.#fragment(inside, type));
    }
  }

  #fragment(selections, type) {
    return this.random.weighted([
      [2, () => inline(selections)],
      [2, () => inline(selections, type)],
      [1, () => {
        const of = `W${this.document.definitions.length}`;
        this.document.definitions.push(fragment(of, type, selections));
        return spread(of);
      }],
    ])();
  }

  /** Conditions that always hold. */
  conditions() {
    let left = DIRECTIVES - nodes(this.document, Kind.DIRECTIVE).length;
    for (const selection of this.#sets.flatMap(({ selections }) => selections)) {
      const [directive, value] = this.random.pick([['include', true], ['skip', false]]);
      const there = selection.directives.some(({ name }) => name.value === directive);
      if (left > 0 && this.random.chance(0.15) && !there) {
        left -= 1;
        selection.directives.push(condition(directive, untyped(value)));
      }
    }
  }

  /** Selections stand in another order; a mutation's fields do not, since they run one after the other. */
  shuffled() {
    const serial = this.operation.operation === 'mutation' ? this.#atRoot() : new Set();
    for (const set of this.#sets.filter((one) => !serial.has(one) && this.random.chance(0.5))) {
      set.selections = this.random.shuffled(set.selections);
    }
  }

  /** The selection sets whose fields are the root's. */
  #atRoot() {
    const sets = new Set();
    const add = (set) => {
      sets.add(set);
      for (const selection of set.selections.filter(({ kind }) => kind !== Kind.FIELD)) {
        const named = selection.kind === Kind.FRAGMENT_SPREAD;
        add((named ? fragments(this.document).find(({ name }) => name.value === selection.name.value) : selection).selectionSet);
      }
    };
    add(this.operation.selectionSet);
    return sets;
  }
}
