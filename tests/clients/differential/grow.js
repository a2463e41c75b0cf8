// Grows documents from the schema: every shape that a selection can have, within the server's limits.

import {
  getNamedType, getNullableType, isAbstractType, isCompositeType, isLeafType, isListType, isObjectType, Kind, print,
} from 'graphql';

import { Writer } from './arguments.js';
import {
  argument, condition, fragment, inline, leaf, name, node, operationNode, selectionSet as set, spread, untyped,
} from './nodes.js';
import { introspected, weighted, writes } from './roots.js';
import { respell } from './respell.js';
import { Values } from './values.js';

const DEEPEST = 8;
/** Rows that one branch of a document may ask for. */
const ROWS = 600;
/** What a list answers when the document does not say. */
const USUAL = { customers: 20, history: 50, engagements: 50, identities: 50, feed: 50, auditLog: 50 };

/** Grows one request. */
export class Grower {
  constructor(random, world, schema) {
    this.random = random;
    this.world = world;
    this.schema = schema;
    this.fragments = [];
    this.left = 6 + random.below(45);
    this.aliases = 40;
    this.conditions = 20;
  }

  /** `{query, variables, operationName}`, with the root type it is for. */
  request() {
    const { random } = this;
    const kind = random.weighted([[82, 'query'], [10, 'mutation'], [8, 'subscription']]);
    const operation = this.#operation(kind);
    const definitions = [operation, ...this.fragments];
    const request = { kind };
    if (random.chance(0.06)) {
      operation.name ??= name('First');
      definitions.push(operationNode('query', 'Second', [], [{ ...leaf('viewer'), selectionSet: set([leaf('role')]) }]));
      request.operationName = operation.name.value;
    } else if (operation.name && random.chance(0.3)) {
      request.operationName = operation.name.value;
    }
    request.document = node(Kind.DOCUMENT, { definitions: random.shuffled(definitions) });
    request.query = respell(print(request.document), random);
    request.variables = this.writer.sent;
    return request;
  }

  #operation(kind) {
    const { random } = this;
    this.writer = new Writer(random, new Values(random, this.world), { variables: random.chance(0.8) });
    const type = this.schema.getRootType(kind);
    const scope = new Map();
    const root = () => (kind === 'mutation' ? writes(random, this.world, type) : [random.weighted(weighted(kind, type))]);
    const count = kind === 'subscription' ? 1 : random.weighted([[5, 1], [3, 2], [2, 3]]);
    let selections = Array.from({ length: count }, () => {
      const [of, fixed] = root();
      return this.#field(type, of, scope, { depth: 0, rows: 1, fixed, plain: kind === 'subscription' });
    });
    if (kind !== 'subscription' && random.chance(0.05)) {
      selections.push(leaf('__typename'));
    }
    selections = this.#arranged(type, selections.filter(Boolean), kind === 'subscription');
    const { definitions } = this.writer;
    const shorthand = kind === 'query' && definitions.length === 0 && random.chance(0.5);
    return operationNode(kind, shorthand || random.chance(0.3) ? undefined : 'First', definitions, selections);
  }

  #set(type, scope, at) {
    const { random } = this;
    const count = Math.min(this.left, random.weighted([[2, 1], [4, 2], [3, 3], [2, 4], [1, 6]]));
    const selections = [];
    for (let turn = 0; turn < Math.max(1, count); turn += 1) {
      this.left -= 1;
      selections.push(...this.#selection(type, scope, at));
    }
    if (isAbstractType(type) && random.chance(0.85)) {
      selections.splice(random.below(selections.length + 1), 0, this.#aliased('t__', '__typename', scope));
    }
    if (selections.length === 0) {
      selections.push(leaf('__typename'));
    }
    return set(this.#arranged(type, selections));
  }

  #selection(type, scope, at) {
    const { random } = this;
    const others = this.#overlapping(type);
    return random.weighted([
      [10, () => [this.#field(type, this.#choice(type, at), scope, at)]],
      [1, () => [this.#condition(leaf('__typename'))]],
      [2, () => this.#again(type, scope, at)],
      [isAbstractType(type) ? 6 : 1, () => {
        const other = random.pick(others);
        const inside = { ...at, depth: at.depth + 0.5 };
        return [this.#condition(this.#fragment(other, this.#set(other, scope, inside).selections))];
      }],
      [0.7, () => this.#reused(type)],
    ])().filter(Boolean);
  }

  /** Types that objects of this type may be as well. */
  #overlapping(type) {
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const abstract = ['Node', 'HistoryItem', 'HistoryEvent', 'Part'].map((of) => this.schema.getType(of))
      .filter((of) => this.schema.getPossibleTypes(of).some((one) => possible.includes(one)));
    return [...possible, ...abstract];
  }

  /** A field's name; composite ones get rarer with depth. */
  #choice(type, { depth, rows }) {
    const fields = Object.values(type.getFields?.() ?? {});
    const fits = (field) => isLeafType(getNamedType(field.type))
      || (depth < DEEPEST && this.left > 0 && rows * this.#rows(field) <= ROWS);
    const weight = (field) => (isLeafType(getNamedType(field.type)) ? 1 + depth / 2 : 1.6);
    const weights = fields.filter(fits).map((field) => [weight(field), field.name]);
    return weights.length > 0 ? this.random.weighted(weights) : '__typename';
  }

  /** How many rows a field answers at least, as the server reckons. */
  #rows(field) {
    if (field.args.some((argument) => argument.name === 'first')) {
      return 3;
    }
    return isListType(getNullableType(field.type)) && !['edges', 'nodes'].includes(field.name) ? 5 : 1;
  }

  /** One field with all that is below it, in the scope of keys that are answered together. */
  #field(type, of, scope, { depth, rows, fixed, plain = false }) {
    const { random } = this;
    if (of === '__typename') {
      return this.#condition(leaf('__typename'));
    }
    const field = of.startsWith('__') ? metaField(this.schema, of) : type.getFields()[of];
    const named = getNamedType(field.type);
    let key = of;
    if (this.aliases > 0 && random.chance(0.15)) {
      key = random.pick(['a', 'b', 'id', 'name', 'x1', '_', 'items']);
    }
    let found = this.#known(scope, key, type, field);
    if (found.clash) {
      key = `k${scope.size}_${this.aliases}`;
      found = {};
    }
    const args = found.entry?.args ?? (of === '__type' ? [typeArgument(random)] : this.writer.arguments(field, fixed));
    const fresh = { of, args, type: String(field.type), scope: found.scope ?? new Map(), named, plain, parent: type };
    const entry = found.entry ?? fresh;
    if (!found.entry) {
      scope.set(key, [...(scope.get(key) ?? []), entry]);
    }
    const written = this.#written(key, entry);
    if (isCompositeType(named)) {
      const below = { depth: depth + 1, rows: rows * this.#asked(field, args) };
      written.selectionSet = of.startsWith('__') ? introspected(random, of) : this.#set(named, entry.scope, below);
    }
    return plain ? written : this.#condition(written);
  }

  /** What stands under the key already: an entry to repeat, a clash, or, of other object types, a scope to share. */
  #known(scope, key, type, field) {
    const entries = scope.get(key) ?? [];
    const same = entries.find((entry) => entry.of === field.name && entry.type === String(field.type));
    const apart = isObjectType(type) && entries.every(({ parent }) => isObjectType(parent) && parent !== type);
    if (entries.length === 0) {
      return {};
    }
    if (apart && entries.every((entry) => entry.type === String(field.type)) && (!same || this.random.chance(0.5))) {
      return { scope: entries[0].scope };
    }
    return same && (entries.length === 1 || same.parent === type) ? { entry: same } : { clash: true };
  }

  #written(key, { of, args }) {
    this.aliases -= key === of ? 0 : 1;
    return { ...leaf(of), alias: key === of ? undefined : name(key), arguments: args };
  }

  #aliased(key, of, scope) {
    const first = { of, args: [], type: 'String!', scope: new Map(), named: this.schema.getType('String') };
    scope.set(key, scope.get(key) ?? [first]);
    return this.#written(key, first);
  }

  /** The rows that a field with these arguments answers. */
  #asked(field, args) {
    const usual = USUAL[field.name] ?? 20;
    const pages = args.filter(({ name: { value } }) => ['first', 'last'].includes(value));
    const size = ({ value }) => (value.kind === Kind.INT ? Math.min(Math.max(Number(value.value), 1), 200) : usual);
    if (pages.length > 0) {
      return Math.max(...pages.map(size));
    }
    return field.args.some(({ name: of }) => of === 'first') ? usual : this.#rows(field);
  }

  /** A key that is there already, with more below it: the two are to be merged. */
  #again(type, scope, at) {
    const fields = type.getFields?.() ?? {};
    const fits = (entry) => fields[entry.of] && !entry.plain && String(fields[entry.of].type) === entry.type;
    const entries = [...scope].filter(([, found]) => found.length === 1 && fits(found[0]));
    if (entries.length === 0) {
      return [];
    }
    const [key, [entry]] = this.random.pick(entries);
    const written = this.#written(key, entry);
    if (isCompositeType(entry.named)) {
      const rows = at.rows * this.#asked(type.getFields()[entry.of], entry.args);
      written.selectionSet = this.#set(entry.named, entry.scope, { depth: at.depth + 1, rows });
    }
    return [this.#condition(written)];
  }

  /** Selections under a type condition: inline, or as a fragment of a name. */
  #fragment(type, selections) {
    if (this.random.chance(0.6)) {
      return inline(selections, type);
    }
    const of = `F${this.fragments.length + 1}`;
    this.fragments.push(fragment(of, type, selections));
    return spread(of);
  }

  /** A spread of a fragment that stands somewhere else. Whether the two merge, the oracle says. */
  #reused(type) {
    const names = new Set(this.#overlapping(type).map((other) => other.name));
    const fitting = this.fragments.filter(({ typeCondition }) => names.has(typeCondition.name.value));
    return fitting.length > 0 ? [spread(this.random.pick(fitting).name.value)] : [];
  }

  /** The same selections, some of them inside fragments that change nothing. */
  #arranged(type, selections, plain = false) {
    const { random } = this;
    if (selections.length === 0 || !random.chance(0.15)) {
      return selections;
    }
    const [from, to] = [random.below(selections.length), 1 + random.below(selections.length)];
    const inside = selections.slice(from, Math.max(to, from + 1));
    const wrapped = random.chance(0.4) && !plain ? this.#condition(inline(inside)) : this.#fragment(type, inside);
    return [...selections.slice(0, from), wrapped, ...selections.slice(from + inside.length)];
  }

  /** Now and then with @skip or @include. */
  #condition(selection) {
    const { random } = this;
    for (const directive of random.shuffled(['skip', 'include'])) {
      if (this.conditions > 0 && random.chance(0.05)) {
        this.conditions -= 1;
        const kept = random.chance(0.6);
        const value = this.writer.condition(directive === 'include' ? kept : !kept);
        selection.directives = [...selection.directives, condition(directive, value)];
      }
    }
    return selection;
  }
}

const TYPES = ['Customer', 'HistoryItem', 'CustomerRef', 'Part', 'Channel', 'DateTime', 'nope'];
const typeArgument = (random) => argument('name', untyped(random.pick(TYPES)));

const metaField = (schema, of) => ({ name: of, args: [], type: schema.getType(of === '__type' ? '__Type' : '__Schema') });
