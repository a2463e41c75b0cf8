// The kinds of deviation, each with its section in the specification of September 2025.

/** The validation rules of graphql-js, and where the specification has them. */
const RULES = {
  ExecutableDefinitionsRule: '5.1.1',
  UniqueOperationNamesRule: '5.2.2.1',
  LoneAnonymousOperationRule: '5.2.3.1',
  SingleFieldSubscriptionsRule: '5.2.4.1',
  FieldsOnCorrectTypeRule: '5.3.1',
  OverlappingFieldsCanBeMergedRule: '5.3.2',
  ScalarLeafsRule: '5.3.3',
  KnownArgumentNamesRule: '5.4.1',
  UniqueArgumentNamesRule: '5.4.2',
  ProvidedRequiredArgumentsRule: '5.4.3',
  UniqueFragmentNamesRule: '5.5.1.1',
  KnownTypeNamesRule: '5.5.1.2',
  FragmentsOnCompositeTypesRule: '5.5.1.3',
  NoUnusedFragmentsRule: '5.5.1.4',
  KnownFragmentNamesRule: '5.5.2.1',
  NoFragmentCyclesRule: '5.5.2.2',
  PossibleFragmentSpreadsRule: '5.5.2.3',
  ValuesOfCorrectTypeRule: '5.6.1',
  OneOfInputObjectsRule: '5.6.1, 5.8.5',
  UniqueInputFieldNamesRule: '5.6.3',
  KnownDirectivesRule: '5.7.1, 5.7.2',
  UniqueDirectivesPerLocationRule: '5.7.3',
  UniqueVariableNamesRule: '5.8.1',
  VariablesAreInputTypesRule: '5.8.2',
  NoUndefinedVariablesRule: '5.8.3',
  NoUnusedVariablesRule: '5.8.4',
  VariablesInAllowedPositionRule: '5.8.5',
};

/** A rule's name in words. */
const words = (rule) => rule.replace(/Rule$/, '').replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `[kind, section, title]`; what is told of a kind stands under it. */
const KINDS = [
  ['refused parse', '2', 'A document of the grammar is parsed'],
  ['refused validate', '5, 6.1.2', 'A valid document with variables that fit is not refused'],
  ['accepted parse', '2', 'What is not in the grammar is refused'],
  ...Object.entries(RULES).map(([rule, section]) => [`accepted ${rule}`, section, `Refused when broken: ${words(rule)}`]),
  ['accepted operation', '6.1', 'An operation that is not there is refused'],
  ['accepted variables', '6.1.2', 'Variables that do not fit are refused'],
  ['code', '7.1.2', 'A refusal has the code of what is wrong, and no path'],
  ['status', '7.1', 'The status tells whether the request ran'],
  ['answer', '7.1', 'An answer has data, or errors, or both, and nothing else'],
  ['key missing', '6.3.2', 'Every collected key is answered'],
  ['key unasked', '6.3.2', 'No other key is answered'],
  ['key twice', '7.2', 'No key is answered twice'],
  ['key order', '7.2.2', 'Keys stand in the order of the merged selections'],
  ['not an object', '6.4.3', 'An object is answered as an object, also an empty one'],
  ['not a list', '6.4.3', 'A list is answered as a list'],
  ['leaf', '6.4.3', 'A leaf has the JSON type of its scalar, an enum one of its values'],
  ['type name', '6.3.2', 'An object is of a type that is possible there'],
  ['null', '6.4.4', 'No null stands where the type has none'],
  ['argument', '6.4.1', 'A field whose arguments cannot be coerced fails'],
  ['error members', '7.1.2', 'An error of a field has message, locations, path and code, and its locations are the field\'s'],
  ['error path', '6.4.4', 'An error\'s path leads to the null that it made, the nearest that may be'],
  ['error twice', '6.4.4', 'One null has one error'],
  ['reworded data', '6', 'The same question in other words has the same data'],
  ['reworded errors', '6.4.4', 'The same question in other words fails at the same places'],
];

export const kinds = KINDS.map(([id, section, title]) => ({ id, section, title }));

export const kindOf = (id) => {
  const found = kinds.find((kind) => kind.id === id);
  if (!found) {
    throw new Error(`no kind ${id}`);
  }
  return found;
};
