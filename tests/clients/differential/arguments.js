// Arguments as literals and variables. A Writer belongs to one operation and keeps its variables.

import { getNullableType, isNonNullType, isRequiredArgument, Kind, parseType } from 'graphql';

import { literal, name, node, untyped, variable } from './nodes.js';

/** Writes the arguments of an operation's fields. */
export class Writer {
  constructor(random, values, { variables = true } = {}) {
    this.random = random;
    this.values = values;
    this.mayVary = variables;
    this.definitions = [];
    /** What is sent along. */
    this.sent = {};
  }

  /** Arguments for a field; `fixed` are values that have to be so. */
  arguments(field, fixed = {}) {
    const { random } = this;
    const written = field.args.filter((argument) => argument.name in fixed || this.#wants(argument));
    return random.shuffled(written).map((argument) => {
      const value = fixed[argument.name] ?? this.#value(field, argument);
      const place = { default: argument.defaultValue };
      const hole = (part, type, where = place) => this.#hole(part, type, where);
      return node(Kind.ARGUMENT, { name: name(argument.name), value: literal(value, argument.type, hole) });
    });
  }

  #wants(argument) {
    const often = { first: 0.85, after: 0.12, before: 0.03, last: 0.03, filter: 0.25 };
    return isRequiredArgument(argument) || this.random.chance(often[argument.name] ?? 0.4);
  }

  #value(field, argument) {
    return this.values.of(argument.type, argument.name, field.name);
  }

  /** A boolean for @skip and @include, as a literal or a variable. */
  condition(value) {
    const { random } = this;
    if (!this.mayVary || random.chance(0.5)) {
      return untyped(value);
    }
    const [type, absent] = [random.pick(['Boolean!', 'Boolean']), random.chance(0.7)];
    return random.chance(0.5)
      ? this.declare('Boolean!', value)
      : this.declare(type, value, { default: untyped(absent ? value : !value), absent });
  }

  /** A new variable: its type as text, what is sent, and its default. */
  declare(type, value, { default: defaultValue, absent = false } = {}) {
    const of = `v${this.definitions.length + 1}`;
    this.definitions.push(node(Kind.VARIABLE_DEFINITION, {
      variable: variable(of), type: parseType(String(type)), defaultValue, directives: [],
    }));
    if (!absent) {
      this.sent[of] = value;
    }
    return variable(of);
  }

  /** Now and then a variable in place of a value. */
  #hole(value, type, place) {
    if (!this.mayVary || !this.random.chance(0.18)) {
      return undefined;
    }
    const nullable = getNullableType(type);
    const written = () => literal(value, nullable);
    if (value === null) {
      return isNonNullType(type) ? undefined : this.#nothing(nullable, place);
    }
    return this.random.weighted([
      [4, () => this.declare(isNonNullType(type) || place.oneOf ? `${nullable}!` : nullable, value)],
      [2, () => this.declare(`${nullable}!`, value)],
      [2, () => this.declare(`${nullable}!`, undefined, { default: written(), absent: true })],
      [2, () => this.declare(nullable, undefined, { default: written(), absent: true })],
      [1, () => this.declare(nullable, value, { default: written() })],
      [place.default === undefined ? 0 : 2, () => this.#nothing(nullable, place)],
    ])();
  }

  /** A variable that brings no value: the argument's default counts where there is one (section 6.4.1). */
  #nothing(nullable, place) {
    if (place.oneOf) {
      return undefined;
    }
    return this.random.weighted([
      [3, () => this.declare(nullable, undefined, { absent: true })],
      [1, () => this.declare(nullable, null)],
      [1, () => this.declare(nullable, undefined, { default: untyped(null), absent: true })],
    ])();
  }
}

