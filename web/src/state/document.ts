// A document of GraphQL as text, with the types of its answer and variables.

declare const types: unique symbol;

export type Document<Result, Variables> = string & { [types]?: [Result, Variables] };

/** An operation and the fragments that it uses, as one document: the very text of the persisted manifest. */
export function typed<Result, Variables>(...parts: string[]): Document<Result, Variables> {
  return parts.join(' ') as Document<Result, Variables>;
}
