// CollectFields (section 6.3.2): which keys an object of a type answers, in which order, and with which fields.

import { getNamedType, isAbstractType, Kind, SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef } from 'graphql';

const META = new Map([SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]));

/** The collected fields of one operation with one set of coerced variables. */
export class Shapes {
  #schema;
  #fragments = new Map();
  #variables;
  #collected = new WeakMap();

  constructor(schema, { document, operation, coerced }) {
    this.#schema = schema;
    this.#variables = coerced;
    for (const definition of document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)) {
      this.#fragments.set(definition.name.value, definition);
    }
    this.type = schema.getRootType(operation.operation);
    /** What stands for the root's fields: their selections are the operation's. */
    this.root = [operation];
  }

  /** Key → its fields, for an object of that type which the fields ask for. */
  of(type, fields) {
    const byType = this.#collected.get(fields) ?? new Map();
    this.#collected.set(fields, byType);
    if (!byType.has(type)) {
      byType.set(type, this.#collect(type, fields));
    }
    return byType.get(type);
  }

  /** A key's declaration and fields, whichever of the object types stands there. */
  below(types, fields, key) {
    const found = types.map((type) => [type, this.of(type, fields).get(key)]).filter(([, nodes]) => nodes);
    if (found.length === 0) {
      return undefined;
    }
    const [[type, [first]]] = found;
    return { field: this.field(type, first), nodes: [...new Set(found.flatMap(([, nodes]) => nodes))] };
  }

  /** How a field of the type is declared. */
  field(type, { name }) {
    return META.get(name.value) ?? type.getFields()[name.value];
  }

  /** The object types that may stand where the type is asked for. */
  possible(type) {
    const named = getNamedType(type);
    return isAbstractType(named) ? this.#schema.getPossibleTypes(named) : [named];
  }

  #collect(type, fields) {
    const collected = new Map();
    const seen = new Set();
    for (const { selectionSet } of fields.filter((field) => field.selectionSet)) {
      this.#add(collected, seen, type, selectionSet);
    }
    return collected;
  }

  #add(collected, seen, type, { selections }) {
    for (const selection of selections.filter((one) => this.#wanted(one))) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        collected.set(key, [...(collected.get(key) ?? []), selection]);
        continue;
      }
      let fragment = selection;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(selection.name.value)) {
          continue;
        }
        seen.add(selection.name.value);
        fragment = this.#fragments.get(selection.name.value);
      }
      if (this.#applies(type, fragment.typeCondition)) {
        this.#add(collected, seen, type, fragment.selectionSet);
      }
    }
  }

  #applies(type, condition) {
    const wanted = condition ? this.#schema.getType(condition.name.value) : type;
    return wanted === type || (isAbstractType(wanted) && this.#schema.isSubType(wanted, type));
  }

  #wanted({ directives }) {
    const condition = (name) => {
      const found = directives.find((directive) => directive.name.value === name);
      const value = found?.arguments.find((argument) => argument.name.value === 'if').value;
      return value?.kind === Kind.VARIABLE ? this.#variables[value.name.value] === true : value?.value;
    };
    return condition('skip') !== true && condition('include') !== false;
  }
}
