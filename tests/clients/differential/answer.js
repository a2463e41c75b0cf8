// Holds an answer against the document: keys and their order, types, nulls, and where errors lead.

import {
  getArgumentValues, getNullableType, isCompositeType, isEnumType, isListType, isNonNullType,
} from 'graphql';

import { kindOf } from './kinds.js';
import { startsOf } from './places.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** The JSON that scalars are answered as; all others are strings. */
export const LEAVES = {
  Int: (value) => Number.isInteger(value) && Math.abs(value + 0.5) <= 2 ** 31,
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  ContactNumber: (value) => Number.isSafeInteger(value),
  DateTime: (value) => typeof value === 'string' && TIME.test(value),
  JSON: () => true,
};

/** The server tells no more than fifty errors; the last of a longer list says how many are left out. */
const FURTHER = /^\d+ further errors are not shown$/;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const told = (path) => (path.length === 0 ? 'data' : path.join('.'));

/** Checks one answer to a request that the oracle lets run. */
export class AnswerCheck {
  #shapes;
  #verdict;
  #types = new Map();
  #hidden = [];

  constructor(shapes, verdict, body) {
    this.#shapes = shapes;
    this.#verdict = verdict;
    this.body = body;
    this.problems = [];
    /** Where errors have made nulls: path of the null → number of errors. */
    this.failed = new Map();
  }

  run() {
    const { data, errors, ...more } = this.body;
    if (data === undefined || Object.keys(more).some((key) => key !== 'extensions')) {
      this.#tell('answer', Object.keys(this.body).join(', '));
    }
    if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0)) {
      this.#tell('answer', `errors: ${JSON.stringify(errors)}`);
    }
    if (data === null && !errors) {
      this.#tell('answer', 'data is null, and no error says why');
    }
    if (isObject(data)) {
      this.#members(data, this.#shapes.type, this.#shapes.root, []);
    }
    if (data !== undefined) {
      (errors ?? []).filter(({ message }) => !FURTHER.test(message)).forEach((error) => this.#error(error));
    }
    // A null further out than an error needs hides the error's own: another error must have made it.
    for (const { path, nulled, nearest } of this.#hidden.filter(({ path, nulled }) => !this.failed.has(told(path.slice(0, nulled))))) {
      this.#tell('error path', `${told(path)}: the null is at ${told(path.slice(0, nulled))}, not at ${told(path.slice(0, nearest))}`);
    }
    for (const [place, count] of this.failed) {
      if (count > 1) {
        this.#tell('error twice', `${count} errors for the null at ${place}`);
      }
    }
    return this;
  }

  #tell(kind, detail) {
    this.problems.push({ kind: kindOf(kind).id, detail });
  }

  #value(value, type, nodes, path) {
    if (value === null) {
      if (isNonNullType(type)) {
        this.#tell('null', `${told(path)} is null, and is ${type}`);
      }
      return;
    }
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (Array.isArray(value)) {
        value.forEach((item, at) => this.#value(item, nullable.ofType, nodes, [...path, at]));
      } else {
        this.#tell('not a list', `${told(path)} is ${JSON.stringify(value).slice(0, 100)}`);
      }
    } else if (!isCompositeType(nullable)) {
      this.#leaf(value, nullable, path);
    } else if (isObject(value)) {
      this.#object(value, nullable, nodes, path);
    } else {
      this.#tell('not an object', `${told(path)} is ${JSON.stringify(value).slice(0, 100)}`);
    }
  }

  #leaf(value, type, path) {
    const fits = isEnumType(type)
      ? typeof value === 'string' && type.getValue(value)
      : (LEAVES[type.name] ?? ((text) => typeof text === 'string'))(value);
    if (!fits) {
      this.#tell('leaf', `${told(path)}: ${JSON.stringify(value).slice(0, 100)} is no ${type}`);
    }
  }

  /** An object of whichever possible type: the one that `__typename` tells, else the one that fits best. */
  #object(value, type, nodes, path) {
    const possible = this.#shapes.possible(type);
    const named = possible.find((one) => {
      const keys = [...this.#shapes.of(one, nodes)].filter(([, [{ name }]]) => name.value === '__typename');
      return keys.some(([key]) => value[key] === one.name);
    });
    if (named || possible.length === 1) {
      this.#members(value, named ?? possible[0], nodes, path);
      return;
    }
    const before = this.problems;
    const tried = possible.map((one) => {
      this.problems = [];
      this.#members(value, one, nodes, path);
      return { one, problems: this.problems };
    });
    const best = tried.reduce((least, other) => (other.problems.length < least.problems.length ? other : least));
    this.problems = before;
    this.#members(value, best.one, nodes, path);
  }

  #members(value, type, nodes, path) {
    this.#types.set(value, type);
    const collected = this.#shapes.of(type, nodes);
    const [keys, wanted] = [Object.keys(value), [...collected.keys()]];
    const missing = wanted.filter((key) => !Object.hasOwn(value, key));
    const unasked = keys.filter((key) => !collected.has(key));
    missing.forEach((key) => this.#tell('key missing', told([...path, key])));
    unasked.forEach((key) => this.#tell('key unasked', told([...path, key])));
    if (missing.length + unasked.length === 0 && keys.some((key, at) => key !== wanted[at])) {
      this.#tell('key order', `${told(path)} has ${keys.join(' ')}, and is to have ${wanted.join(' ')}`);
    }
    for (const [key, fields] of collected) {
      if (!Object.hasOwn(value, key)) {
        continue;
      }
      const field = this.#shapes.field(type, fields[0]);
      if (field.name === '__typename' && value[key] !== type.name) {
        this.#tell('type name', `${told([...path, key])} is ${value[key]}`);
      }
      if (value[key] !== null && !this.#coercible(field, fields[0])) {
        this.#tell('argument', `${told([...path, key])} is answered, and its arguments do not fit`);
      }
      this.#value(value[key], field.type, fields, [...path, key]);
    }
  }

  /** Whether CoerceArgumentValues (section 6.4.1) succeeds. */
  #coercible(field, node) {
    try {
      getArgumentValues(field, node, this.#verdict.coerced);
      return true;
    } catch {
      return false;
    }
  }

  #error(error) {
    const { message, path, locations, extensions } = error;
    const lacks = Object.entries({
      message: typeof message === 'string',
      path: Array.isArray(path) && path.length > 0,
      locations: Array.isArray(locations) && locations.length > 0,
      code: typeof extensions?.code === 'string',
    }).filter(([, there]) => !there);
    lacks.forEach(([member]) => this.#tell('error members', `no ${member}: ${JSON.stringify(error).slice(0, 200)}`));
    const unknown = Object.keys(error).filter((key) => !['message', 'path', 'locations', 'extensions'].includes(key));
    unknown.forEach((key) => this.#tell('error members', `an entry ${key} of its own`));
    if (!Array.isArray(path) || path.length === 0) {
      return;
    }
    const place = this.#place(path);
    if (typeof place === 'string') {
      this.#tell('error path', `${told(path)}: ${place}`);
      return;
    }
    const starts = startsOf(place.nodes);
    for (const { line, column } of locations ?? []) {
      if (!starts.has(`${line}:${column}`)) {
        this.#tell('error members', `${told(path)}: no such field at ${line}:${column}`);
      }
    }
    if (place.nulled !== place.nearest) {
      this.#hidden.push({ path, ...place });
      return;
    }
    const made = told(path.slice(0, place.nulled));
    this.failed.set(made, (this.failed.get(made) ?? 0) + 1);
  }

  /**
   * The fields that an error's path leads to, how far the path goes until it meets a null, and until the last place that
   * may be null; or what is wrong.
   */
  #place(path) {
    let [value, type, nodes] = [this.body.data, this.#shapes.type, this.#shapes.root];
    let nulled = value === null ? 0 : undefined;
    let nearest = 0;
    for (const [at, segment] of path.entries()) {
      const nullable = getNullableType(type);
      if (typeof segment === 'number') {
        if (!isListType(nullable)) {
          return `${segment} is no place in ${nullable}`;
        }
        type = nullable.ofType;
      } else {
        const types = this.#types.has(value) ? [this.#types.get(value)] : this.#shapes.possible(nullable);
        const below = !isListType(nullable) && isCompositeType(nullable) && this.#shapes.below(types, nodes, segment);
        if (!below) {
          return `no ${segment} is asked of ${nullable}`;
        }
        [type, nodes] = [below.field.type, below.nodes];
      }
      nearest = isNonNullType(type) ? nearest : at + 1;
      value = nulled === undefined ? value?.[segment] : undefined;
      if (nulled === undefined && value === undefined) {
        return `nothing is answered at ${told(path.slice(0, at + 1))}`;
      }
      nulled = value === null ? at + 1 : nulled;
    }
    return nulled === undefined ? 'there is no null' : { nodes, nulled, nearest };
  }
}
