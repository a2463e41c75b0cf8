// Other words for values: literals for variables, variables for literals, and defaults that are spelled out.

import {
  getNamedType, isInputObjectType, isNonNullType, Kind, parseType, print, TypeInfo, typeFromAST, valueFromASTUntyped, visit,
  visitWithTypeInfo,
} from 'graphql';

import { argument, isWritable, literal, node, object, variable } from './nodes.js';
import { nodes } from './tree.js';

/** A visit that knows the type of each place; variable definitions are left alone. */
const visited = (rewording, visitors) => {
  const info = new TypeInfo(rewording.schema);
  rewording.document = visit(rewording.document, visitWithTypeInfo(info, { VariableDefinition: () => false, ...visitors(info) }));
};

/**
 * Variables become the literals that they stand for; an argument or input field whose variable has no value is left out.
 * Null stays a variable where the type has none: it fails the field, where a literal would fail the request.
 */
export function literalsForVariables(rewording) {
  const { coerced, schema } = rewording;
  const { variableDefinitions } = rewording.operation;
  const types = new Map(variableDefinitions.map((one) => [one.variable.name.value, typeFromAST(schema, one.type)]));
  const absent = ({ value }) => (value.kind === Kind.VARIABLE && !(value.name.value in coerced) ? null : undefined);
  visited(rewording, (info) => ({
    Argument: absent,
    ObjectField: absent,
    Variable: ({ name: { value: of } }) => {
      const [value, type] = [coerced[of] ?? null, info.getInputType()];
      const kept = !isWritable(value) || (value === null && type && isNonNullType(type));
      return kept ? undefined : literal(value, types.get(of));
    },
  }));
}

/** Arguments become variables, equal ones the same, so that fields that merge still do. */
export function variablesForLiterals(rewording) {
  const { operation, random } = rewording;
  const made = new Map();
  const definitions = [...operation.variableDefinitions];
  visited(rewording, (info) => ({
    Argument: ({ name: { value: of }, value }) => {
      if (nodes(value, Kind.VARIABLE).length > 0) {
        return undefined;
      }
      const type = String(info.getArgument().type);
      const key = `${type} ${print(value)}`;
      if (!made.has(key)) {
        made.set(key, random.chance(0.5) ? variable(`r${made.size}`) : undefined);
        if (made.get(key)) {
          definitions.push(defined(rewording, made.get(key), type, value));
        }
      }
      return made.get(key) && argument(of, made.get(key));
    },
  }));
  rewording.operation.variableDefinitions = definitions;
}

function defined({ coerced, random, variables }, of, type, value) {
  const byDefault = random.chance(0.4);
  const sent = valueFromASTUntyped(value);
  coerced[of.name.value] = sent;
  if (!byDefault) {
    variables[of.name.value] = sent;
  }
  const defaultValue = byDefault ? value : undefined;
  return node(Kind.VARIABLE_DEFINITION, { variable: of, type: parseType(type), defaultValue, directives: [] });
}

/** Arguments and input fields that are left out are given their defaults. */
export function defaultsSpelled(rewording) {
  const { random } = rewording;
  const chosen = new Map();
  const spelled = (of) => chosen.get(of) ?? chosen.set(of, random.chance(0.6)).get(of);
  const missing = (defined, given, of) => defined.filter(({ name, defaultValue }) =>
    defaultValue !== undefined && !given.some((one) => one.name.value === name) && spelled(`${of}.${name}`));
  visited(rewording, (info) => ({
    Field: {
      leave: (field) => {
        const of = info.getFieldDef();
        const added = missing(of.args, field.arguments, of.name).map((one) => argument(one.name, literal(one.defaultValue, one.type)));
        return { ...field, arguments: [...field.arguments, ...added] };
      },
    },
    ObjectValue: {
      leave: (given) => {
        const type = getNamedType(info.getInputType());
        if (!isInputObjectType(type)) {
          return undefined;
        }
        const added = missing(Object.values(type.getFields()), given.fields, type.name);
        const { fields } = object(added.map((one) => [one.name, literal(one.defaultValue, one.type)]));
        return { ...given, fields: [...given.fields, ...fields] };
      },
    },
  }));
}
