// Makes nodes of syntax trees.

import { getNullableType, isEnumType, isInputObjectType, isListType, Kind } from 'graphql';

export const node = (kind, more) => ({ kind, ...more });
export const name = (value) => node(Kind.NAME, { value });
export const variable = (of) => node(Kind.VARIABLE, { name: name(of) });
export const selectionSet = (selections) => node(Kind.SELECTION_SET, { selections });
export const argument = (of, value) => node(Kind.ARGUMENT, { name: name(of), value });
export const leaf = (of) => node(Kind.FIELD, { name: name(of), arguments: [], directives: [] });

const namedType = ({ name: of }) => node(Kind.NAMED_TYPE, { name: name(of) });
const rest = (selections) => ({ directives: [], selectionSet: selectionSet(selections) });

/** An inline fragment, with or without a type condition. */
export const inline = (selections, type) => node(Kind.INLINE_FRAGMENT, { typeCondition: type && namedType(type), ...rest(selections) });
export const fragment = (of, type, selections) =>
  node(Kind.FRAGMENT_DEFINITION, { name: name(of), typeCondition: namedType(type), ...rest(selections) });
export const spread = (of) => node(Kind.FRAGMENT_SPREAD, { name: name(of), directives: [] });

/** `@skip` or `@include`. */
export const condition = (directive, value) => node(Kind.DIRECTIVE, { name: name(directive), arguments: [argument('if', value)] });

export const operationNode = (operation, of, variableDefinitions, selections) =>
  node(Kind.OPERATION_DEFINITION, { operation, name: of && name(of), variableDefinitions, ...rest(selections) });

/** An object literal of names and literals. */
export const object = (entries) =>
  node(Kind.OBJECT, { fields: entries.map(([of, value]) => node(Kind.OBJECT_FIELD, { name: name(of), value })) });

const NAME = /^[_A-Za-z]\w*$/;

/** Whether a JSON value can be written as a literal: the keys of its objects are names. */
export const isWritable = (value) => typeof value !== 'object' || value === null
  || (Array.isArray(value) ? value.every(isWritable) : Object.entries(value).every(([key, one]) => NAME.test(key) && isWritable(one)));

/** The literal of a JSON value whose type nobody knows. */
export function untyped(value) {
  if (value === null) {
    return node(Kind.NULL);
  }
  if (Array.isArray(value)) {
    return node(Kind.LIST, { values: value.map(untyped) });
  }
  switch (typeof value) {
    case 'object':
      return object(Object.entries(value).map(([key, one]) => [key, untyped(one)]));
    case 'boolean':
      return node(Kind.BOOLEAN, { value });
    case 'number':
      return node(Number.isInteger(value) ? Kind.INT : Kind.FLOAT, { value: String(value) });
    default:
      return node(Kind.STRING, { value });
  }
}

/** The literal of a JSON value of that type; `hole` may put a variable in its place, or in that of a part of it. */
export function literal(value, type, hole = () => undefined) {
  const filled = hole(value, type);
  if (filled) {
    return filled;
  }
  const nullable = getNullableType(type);
  if (value === null) {
    return untyped(null);
  }
  if (isListType(nullable)) {
    return Array.isArray(value)
      ? node(Kind.LIST, { values: value.map((item) => literal(item, nullable.ofType, (one, of) => hole(one, of, {}))) })
      : literal(value, nullable.ofType);
  }
  if (isInputObjectType(nullable)) {
    return object(Object.entries(value).map(([key, one]) => {
      const { type: of, defaultValue } = nullable.getFields()[key];
      const own = { default: defaultValue, oneOf: nullable.isOneOf };
      const below = (part, partType, place = own) => hole(part, partType, place);
      // What keeps a mutation from writing stays a literal.
      return [key, literal(one, of, key === 'dryRun' ? undefined : below)];
    }));
  }
  return isEnumType(nullable) ? node(Kind.ENUM, { value }) : untyped(value);
}
