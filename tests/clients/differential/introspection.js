// What the server tells of its schema, against what graphql-js tells of schema.graphql.

import {
  buildSchema, getIntrospectionQuery, introspectionFromSchema, isIntrospectionType, isSpecifiedScalarType, parseValue, print,
} from 'graphql';

import { ask } from '../harness/api.js';

const OPTIONS = {
  descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true,
};

const byName = (one, other) => (one.name < other.name ? -1 : 1);

/** The two sides, ready to be compared: types and directives by name, everything inside them in order. */
export async function introspections(server) {
  const schema = buildSchema(server.schemaText);
  const told = (await ask(server, getIntrospectionQuery(OPTIONS))).__schema;
  const wanted = JSON.parse(JSON.stringify(introspectionFromSchema(schema, OPTIONS).__schema));
  const isBuiltIn = ({ name }) => isIntrospectionType(schema.getType(name) ?? {}) || isSpecifiedScalarType(schema.getType(name) ?? {});
  const isWritten = ({ name }) => schema.getDirective(name)?.astNode;
  return [told, wanted].map(({ types, directives, ...roots }) => ({
    roots,
    types: types.filter((one) => !isBuiltIn(one)).map(type).sort(byName),
    'built-in types': types.filter(isBuiltIn).map(({ name, kind }) => ({ name, kind })).sort(byName),
    directives: directives.filter(isWritten).map(directive).sort(byName),
    'built-in directives': directives.filter((one) => !isWritten(one)).map(({ name, locations }) => ({ name, locations })).sort(byName),
  }));
}

const directive = ({ args, ...more }) => ({ ...more, args: args.map(input) });

const type = ({ fields, inputFields, interfaces, possibleTypes, ...more }) => ({
  ...more,
  fields: fields?.map((field) => ({ ...field, args: field.args.map(input) })) ?? null,
  inputFields: inputFields?.map(input) ?? null,
  interfaces: interfaces && [...interfaces].sort(byName),
  possibleTypes: possibleTypes && [...possibleTypes].sort(byName),
});

/** Defaults are compared as values: their spelling is free. */
const input = ({ defaultValue, ...more }) => ({ ...more, defaultValue: defaultValue === null ? null : print(parseValue(defaultValue)) });
