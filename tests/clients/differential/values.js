// Values for arguments and variables: mostly such as the server's world has, some that are wrong for the field, none
// that is wrong for its type.

import { getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredInputField } from 'graphql';

const TIMES = ['2026-01-01T00:00:00Z', '2020-02-29T23:59:59.5+02:00', '2099-12-31T12:00:00Z', '1999-12-31T00:00:00.000001-11:30'];
const TEXTS = [
  '', 'a', 'ada', 'when will my order arrive', 'Zoë Müller', '🚗 beep', 'two\nlines', 'a "quoted" \\ word', '  spaces ', '日本',
  '\u2028', '\t', 'null', '$x', '#', 'tab\tand\r\nline',
];
const WORDS = ['lovelase', 'ada@example', '5550', 'goncalves', 'muller', 'order', '(415) 555-0100', 'nobody at all', 'grace', 'parcel'];
const ANY_JSON = [{}, { a: 1, b: [true, null] }, 'text', 1.5, [], { 'no name': 'x' }, false, { nested: { deep: [{ x: 'y' }] } }];
const PAGES = { wrong: [-1, 201, 5_000, 2_147_483_647], usual: [1, 1, 2, 2, 3, 5, 0] };

/** Makes values. `place` is how an argument or input field is called. */
export class Values {
  constructor(random, world) {
    this.random = random;
    this.world = world;
  }

  /** A value of the type, as JSON; enum values are their names. Never null where the type has none. */
  of(type, place, field = '') {
    const { random } = this;
    if (!isNonNullType(type) && random.chance(0.1)) {
      return null;
    }
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const size = random.weighted([[1, 0], [5, 1], [3, 2], [1, 3]]);
      const items = Array.from({ length: size }, () => this.of(nullable.ofType, place, field));
      // One value stands for a list of one (section 3.12).
      return items.length === 1 && items[0] !== null && random.chance(0.3) ? items[0] : items;
    }
    if (isEnumType(nullable)) {
      return random.pick(nullable.getValues()).name;
    }
    return isInputObjectType(nullable) ? this.#object(nullable, field) : this.#scalar(nullable.name, place, field);
  }

  #object(type, field) {
    const { random } = this;
    const special = this.#special(type.name);
    if (special) {
      return special;
    }
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const one = random.pick(fields);
      return { [one.name]: this.of(one.type, one.name, field) ?? this.#scalar('ID', one.name, field) };
    }
    const chosen = random.shuffled(fields).filter((one) => isRequiredInputField(one) || random.chance(0.3));
    return Object.fromEntries(chosen.map((one) => [one.name, this.of(one.type, one.name, field)]));
  }

  /** Inputs whose fields belong together. */
  #special(name) {
    const { random, world } = this;
    if (name === 'CustomerRef') {
      return random.weighted([
        [4, { id: this.#customer() }],
        [4, { identity: this.#identity() }],
        [2, { contactId: random.chance(0.9) ? random.pick(world.contactNumbers) : random.pick([0, 5, 2 ** 53 - 1]) }],
      ]);
    }
    return name === 'IdentityRef' ? this.#identity() : undefined;
  }

  #identity() {
    const { kind, value } = this.random.pick(this.world.identities);
    return this.random.chance(0.9) ? { kind, value } : { namespace: null, value: this.random.pick(WORDS), kind };
  }

  #customer() {
    return this.random.chance(0.85) ? this.random.pick(this.world.customers) : this.#id();
  }

  #id() {
    const { random, world } = this;
    return random.weighted([
      [4, random.pick(world.customers)],
      [5, random.pick(world.items).id],
      [2, random.pick(world.contacts)],
      [2, random.pick(world.identities).id],
      [1, random.pick(['a', '', 'QwAA3ej5PwjsAQ', 7])],
    ]);
  }

  #scalar(name, place, field) {
    const { random } = this;
    switch (name) {
      case 'Boolean':
        return random.chance(0.5);
      case 'Int':
        return this.#int(place);
      case 'ID':
        return ['id', 'ids'].includes(place) ? this.#id() : this.#customer();
      case 'ContactNumber':
        return random.pick(this.world.contactNumbers);
      case 'DateTime':
        return random.pick(TIMES);
      case 'JSON':
        return random.pick(ANY_JSON);
      default:
        return this.#text(place, field);
    }
  }

  #int(place) {
    if (place !== 'first' && place !== 'last') {
      return this.random.pick([0, 1, 7, -3, 2_147_483_647]);
    }
    return this.random.chance(0.05) ? this.random.pick(PAGES.wrong) : this.random.pick(PAGES.usual);
  }

  #text(place, field) {
    const { random, world } = this;
    if (place === 'after' || place === 'before') {
      const cursors = world.cursors[field] ?? world.cursors.live;
      return random.chance(0.7) ? random.pick(cursors) : random.pick(['x', '', random.pick(world.cursors.live)]);
    }
    if (place === 'query') {
      return random.chance(0.7) ? random.pick(WORDS) : random.pick(TEXTS);
    }
    return random.pick(TEXTS);
  }
}
