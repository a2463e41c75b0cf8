// Broken requests: one thing of a good one is changed. Whether it is wrong now, the oracle says.

import { Kind, parse, parseType, parseValue, print } from 'graphql';

import { DEFINITIONS, JSON_VALUES, LITERALS, OUTPUT_VARIABLES, SELECTIONS, SUBSCRIPTIONS, TYPES, VARIABLES } from './faults.js';
import { condition, name, selectionSet, spread, node, untyped, variable } from './nodes.js';
import { tokensEdited } from './tokens.js';
import { become, copy, nodes } from './tree.js';

/** The request with a fault, as `{query, variables, operationName}`. */
export function broken(request, random) {
  return random.weighted([
    [60, () => changed(request, random)],
    [18, () => ({ ...request, query: tokensEdited(request.query, random) })],
    [12, () => otherVariables(request, random) ?? changed(request, random)],
    [4, () => ({ ...request, operationName: random.pick(['Nope', 'Second', undefined]) })],
    [6, () => ({ kind: 'subscription', query: random.pick(SUBSCRIPTIONS), variables: { yes: false } })],
  ])();
}

function changed(request, random) {
  const document = copy(request.document);
  random.shuffled(CHANGES).find((change) => change(document, random));
  return { ...request, document, query: print(document) };
}

/** Other variables are sent than the document wants; a condition is never null: what follows, the specification leaves open. */
function otherVariables(request, random) {
  const definitions = nodes(request.document, Kind.VARIABLE_DEFINITION);
  if (definitions.length === 0) {
    return undefined;
  }
  const { type, variable: { name: { value: of } } } = random.pick(definitions);
  const { [of]: _, ...others } = request.variables;
  const values = JSON_VALUES.filter((value) => value !== null || print(type) !== 'Boolean');
  return { ...request, variables: random.chance(0.3) ? others : { ...others, [of]: random.pick(values) } };
}

/** A change to one of the nodes of some kinds; whether there was one. */
const change = (kinds, edit, fits = () => true) => (document, random) => {
  const found = nodes(document, ...kinds).filter(fits);
  if (found.length > 0) {
    edit(random.pick(found), random, document);
  }
  return found.length > 0;
};

const LITERAL_KINDS = [Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT];
const SELECTION_KINDS = [Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD];
const filled = (key) => (tree) => tree[key]?.length > 0;
const isField = ({ kind }) => kind === Kind.FIELD;
const isLeaf = (selection) => isField(selection) && !selection.selectionSet;
const doubled = (key) => (tree, random) => tree[key].push(copy(random.pick(tree[key])));
const dropped = (key) => (tree, random) => tree[key].splice(random.below(tree[key].length), 1);
const key = ({ alias, name: of }) => (alias ?? of).value;
const parsedVariables = (text) => parse(`query(${text}) { a }`).definitions[0].variableDefinitions;
const parsedSelections = (text) => parse(`{ ${text} }`).definitions[0].selectionSet.selections;

const CHANGES = [
  // Fields and what is below them.
  change([Kind.FIELD], (field, random) => (field.name = name(random.pick(['nope', 'id', 'nodes', 'text'])))),
  change([Kind.FIELD], (field) => delete field.selectionSet, ({ selectionSet }) => selectionSet),
  change([Kind.FIELD], (field) => (field.selectionSet = selectionSet(parsedSelections('id'))), isLeaf),
  change([Kind.SELECTION_SET], ({ selections }, random) => selections.push(...parsedSelections(random.pick(SELECTIONS)))),
  change([Kind.SELECTION_SET], conflict, ({ selections }) => selections.filter(isField).length > 1),
  change([Kind.FIELD], deepConflict, ({ selectionSet }) => selectionSet?.selections.filter(isLeaf).length > 1),
  change([Kind.FIELD], deepConflict, ({ selectionSet }) => selectionSet?.selections.filter(isLeaf).length > 1),
  // Arguments and values.
  change([Kind.FIELD, Kind.DIRECTIVE], dropped('arguments'), filled('arguments')),
  change([Kind.FIELD, Kind.DIRECTIVE], doubled('arguments'), filled('arguments')),
  change([Kind.ARGUMENT], (one) => (one.name = name('nope'))),
  change(LITERAL_KINDS, (value, random) => become(value, parseValue(random.pick(LITERALS)))),
  change([Kind.ENUM], (value) => become(value, untyped(value.value))),
  change([Kind.STRING], (value) => become(value, node(Kind.ENUM, { value: 'EMAIL' }))),
  change([Kind.OBJECT], doubled('fields'), filled('fields')),
  change([Kind.OBJECT], dropped('fields'), filled('fields')),
  // Variables.
  change([...LITERAL_KINDS, Kind.VARIABLE], (value) => become(value, variable('none'))),
  change([Kind.OPERATION_DEFINITION], dropped('variableDefinitions'), filled('variableDefinitions')),
  change([Kind.OPERATION_DEFINITION], doubled('variableDefinitions'), filled('variableDefinitions')),
  change([Kind.OPERATION_DEFINITION], ({ variableDefinitions }, random) =>
    variableDefinitions.push(...parsedVariables(random.pick(VARIABLES)))),
  change([Kind.VARIABLE_DEFINITION], ({ type }, random) => become(type, parseType(random.pick(TYPES)))),
  change([Kind.VARIABLE_DEFINITION], (definition) => delete definition.defaultValue, ({ defaultValue }) => defaultValue),
  change([Kind.OPERATION_DEFINITION], (operation, random) => become(operation, parse(random.pick(OUTPUT_VARIABLES)).definitions[0])),
  // Fragments.
  change([Kind.FRAGMENT_DEFINITION], (fragment, random) =>
    random.pick(nodes(fragment, Kind.SELECTION_SET)).selections.push(spread(fragment.name.value))),
  change([Kind.FRAGMENT_DEFINITION], (fragment, random, { definitions }) => definitions.push(copy(fragment))),
  change([Kind.FRAGMENT_DEFINITION], (fragment) => (fragment.name = name('Other'))),
  change([Kind.DOCUMENT], ({ definitions }) => definitions.push(...parse('fragment Unused on Viewer { role }').definitions)),
  change([Kind.FRAGMENT_SPREAD], (spread) => (spread.name = name('Nope'))),
  change([Kind.NAMED_TYPE], (type, random) => (type.name = name(random.pick(['Viewer', 'Node', 'Part', 'Channel', 'Nope'])))),
  change([Kind.SELECTION_SET], ({ selections }) => selections.push(...parsedSelections('... on Channel { id }'))),
  // Directives.
  change([Kind.DIRECTIVE], (directive) => (directive.name = name('nope'))),
  change(SELECTION_KINDS, (selection) => (selection.directives = [1, 2].map(() => condition('skip', untyped(false))))),
  change([Kind.OPERATION_DEFINITION, Kind.VARIABLE_DEFINITION], (definition) =>
    (definition.directives = [condition('include', untyped(true))])),
  // Definitions.
  change([Kind.OPERATION_DEFINITION], (operation, random, { definitions }) => definitions.push(copy(operation))),
  change([Kind.DOCUMENT], ({ definitions }, random) => definitions.push(...parse(random.pick(DEFINITIONS)).definitions)),
  change([Kind.OPERATION_DEFINITION], (operation, random) =>
    (operation.operation = random.pick(['query', 'mutation', 'subscription']))),
];

/** Another field of the same selections under the key of one of them. */
function conflict({ selections }, random) {
  const [one, other] = random.shuffled(selections.filter(isField));
  selections.push({ ...copy(other), alias: name(key(one)) });
}

/** The same below: the field stands twice, and a leaf of the second is under the key of another. */
function deepConflict(field, random, document) {
  const [one, other] = random.shuffled(field.selectionSet.selections.filter(isLeaf));
  const second = { ...copy(field), selectionSet: selectionSet([{ ...copy(other), alias: name(key(one)) }]) };
  nodes(document, Kind.SELECTION_SET).find(({ selections }) => selections.includes(field)).selections.push(second);
}
