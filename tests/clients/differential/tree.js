// Syntax trees as plain data: copies, walks, edits in place.

import { Kind } from 'graphql';

/** A deep copy without locations. */
export function copy(tree) {
  if (Array.isArray(tree)) {
    return tree.map(copy);
  }
  if (tree === null || typeof tree !== 'object') {
    return tree;
  }
  return Object.fromEntries(Object.entries(tree).filter(([key]) => key !== 'loc').map(([key, value]) => [key, copy(value)]));
}

/** All nodes of these kinds, outer ones first. */
export function nodes(tree, ...wanted) {
  const found = [];
  const walk = (value) => {
    if (Array.isArray(value)) {
      value.forEach(walk);
    } else if (value && typeof value === 'object') {
      if (wanted.includes(value.kind)) {
        found.push(value);
      }
      Object.entries(value).filter(([key]) => key !== 'loc').forEach(([, below]) => walk(below));
    }
  };
  walk(tree);
  return found;
}

/** Makes another node of this one, where it stands. */
export function become(node, other) {
  Object.keys(node).forEach((key) => delete node[key]);
  return Object.assign(node, copy(other));
}

export const operations = (document) => document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
export const fragments = (document) => document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);

/** The variables that are used anywhere but where they are defined. */
export const usedVariables = (document) => {
  const used = nodes(document.definitions.map(({ selectionSet }) => selectionSet), Kind.VARIABLE);
  return new Set(used.map(({ name }) => name.value));
};

/** Takes fragments away that are spread nowhere, and variables that are used nowhere. */
export function forgetUnused(document) {
  for (let before; before !== document.definitions.length;) {
    before = document.definitions.length;
    const spread = new Set(nodes(document.definitions, Kind.FRAGMENT_SPREAD).map(({ name }) => name.value));
    document.definitions = document.definitions.filter(({ kind, name }) => kind !== Kind.FRAGMENT_DEFINITION || spread.has(name.value));
  }
  const used = usedVariables(document);
  for (const operation of operations(document)) {
    operation.variableDefinitions = operation.variableDefinitions.filter(({ variable }) => used.has(variable.name.value));
  }
}
