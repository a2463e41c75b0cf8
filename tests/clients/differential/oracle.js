// What the specification says of a request, before anything runs: graphql-js, and its edition of 2021 brought up to
// September 2025 where the two differ. Sections are those of September 2025.

import {
  buildSchema, getNamedType, getOperationAST, getVariableValues, GraphQLError, isInputObjectType, Kind, specifiedRules,
  validate, valueFromASTUntyped,
} from 'graphql';
import { Parser } from 'graphql/language/parser.js';

/** Section 2.4: a description may stand before operations, fragments and variables; it means nothing. */
class DocumentParser extends Parser {
  parseDefinition() {
    if (this.peekDescription()) {
      const { value } = this._lexer.lookahead();
      if (['query', 'mutation', 'subscription', 'fragment'].includes(value)) {
        this.parseStringLiteral();
      }
    }
    return super.parseDefinition();
  }

  parseVariableDefinition() {
    this.parseDescription();
    return super.parseVariableDefinition();
  }
}

/** Throws for what is not GraphQL. */
export const parseDocument = (text) => new DocumentParser(text).parseDocument();

/** Section 5.2.4.1: one response key, none of introspection, and no @skip and no @include at the root. */
function SingleFieldSubscriptionsRule(context) {
  const wrong = (message, node) => context.reportError(new GraphQLError(message, { nodes: node }));
  const collect = (set, keys, seen) => {
    for (const selection of set.selections) {
      if (selection.directives.some(({ name }) => name.value === 'skip' || name.value === 'include')) {
        wrong('the root of a subscription takes no @skip and no @include', selection);
      }
      if (selection.kind === Kind.FIELD) {
        keys.add((selection.alias ?? selection.name).value);
        if (selection.name.value.startsWith('__')) {
          wrong('a subscription does not select introspection', selection);
        }
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, keys, seen);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (fragment) {
          collect(fragment.selectionSet, keys, seen);
        }
      }
    }
    return keys;
  };
  return {
    OperationDefinition(node) {
      if (node.operation === 'subscription' && collect(node.selectionSet, new Set(), new Set()).size > 1) {
        wrong('a subscription has one root field', node);
      }
    },
  };
}

/** Sections 5.6.1 and 5.8.5 for OneOf inputs: one field, not null, and a variable there must not become null. */
const oneOfRule = (isOneOf) =>
  function OneOfInputObjectsRule(context) {
    const variables = new Set();
    const wrong = (message, node) => context.reportError(new GraphQLError(message, { nodes: node }));
    return {
      ObjectValue(node) {
        const type = getNamedType(context.getInputType());
        if (!type || !isOneOf(type)) {
          return;
        }
        const names = new Set(node.fields.map(({ name }) => name.value));
        const [field] = node.fields;
        if (names.size !== 1) {
          wrong(`${type.name} takes exactly one field`, node);
        } else if (field.value.kind === Kind.NULL) {
          wrong(`${type.name}.${field.name.value} must not be null`, node);
        } else if (field.value.kind === Kind.VARIABLE) {
          variables.add(field.value);
        }
      },
      Document: {
        leave({ definitions }) {
          for (const operation of definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
            for (const { node } of context.getRecursiveVariableUsages(operation)) {
              const definition = operation.variableDefinitions.find(({ variable }) => variable.name.value === node.name.value);
              const nullable = definition && definition.type.kind !== Kind.NON_NULL_TYPE;
              if (variables.has(node) && nullable && (definition.defaultValue?.kind ?? Kind.NULL) === Kind.NULL) {
                wrong(`$${node.name.value} may be null in a OneOf input`, node);
              }
            }
          }
        },
      },
    };
  };

/** The schema, with the checks that the project's scalars make. */
function schemaOf(text) {
  const schema = buildSchema(text);
  const scalar = (name, check) => {
    const type = schema.getType(name);
    type.parseValue = (value) => {
      if (!check(value)) {
        throw new GraphQLError(`not a ${name}`);
      }
      return value;
    };
    type.parseLiteral = (node, variables) => {
      const value = valueFromASTUntyped(node, variables);
      return type.parseValue(node.kind === Kind.INT ? Number(value) : node.kind === Kind.STRING ? value : undefined);
    };
  };
  scalar('ContactNumber', (value) => Number.isSafeInteger(value) && value >= 0);
  // What a text means as a time is judged where it is used.
  scalar('DateTime', (value) => typeof value === 'string');
  return schema;
}

/** Tells what a request is worth. */
export class Oracle {
  #validated;
  #rules;

  constructor(schemaText) {
    this.schema = schemaOf(schemaText);
    // graphql-js 16 looks for the variables of OneOf inputs in the wrong operation: those are a rule of their own.
    const inputs = Object.values(this.schema.getTypeMap()).filter((type) => isInputObjectType(type) && type.isOneOf);
    const names = new Set(inputs.map(({ name }) => name));
    this.#validated = schemaOf(schemaText);
    names.forEach((name) => (this.#validated.getType(name).isOneOf = false));
    const replaced = ['SingleFieldSubscriptionsRule', 'MaxIntrospectionDepthRule'];
    this.#rules = specifiedRules
      .filter(({ name }) => !replaced.includes(name))
      .concat(SingleFieldSubscriptionsRule, oneOfRule(({ name }) => names.has(name)));
  }

  /** The rules that the document breaks, and what the first of them says. */
  #broken(document) {
    const found = new Map();
    const told = this.#rules.map((rule) => (context) => {
      const reportError = ({ message }) => found.set(rule.name, found.get(rule.name) ?? message);
      return rule(Object.create(context, { reportError: { value: reportError } }));
    });
    validate(this.#validated, document, told);
    const rules = this.#rules.map(({ name }) => name).filter((name) => found.has(name));
    return { rules, why: found.get(rules[0]) };
  }

  /** What becomes of the request: `refused` tells the stage and why, or it runs, with the coerced variables. */
  judge({ query, operationName, variables = {} }) {
    let document;
    try {
      document = parseDocument(query);
    } catch (problem) {
      return { refused: { stage: 'parse', why: problem.message, rules: [] } };
    }
    const { rules, why } = this.#broken(document);
    if (rules.length > 0) {
      return { document, refused: { stage: 'validate', why, rules } };
    }
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      return { document, refused: { stage: 'operation', why: 'no such operation', rules: [] } };
    }
    const { coerced, errors } = getVariableValues(this.schema, operation.variableDefinitions, variables);
    if (errors) {
      return { document, operation, refused: { stage: 'variables', why: errors[0].message, rules: [] } };
    }
    return { document, operation, coerced };
  }
}
