// Events taken in again: one, or all that a filter shows, some at a time and the oldest first.

import { ReplaySourceEvents, SourceEventIds } from '../../generated/admin';
import type { SourceEventOutcome } from '../../generated/types';
import { ask } from '../../state/api';

export interface Filter {
  sourceId: string | null;
  outcomes: SourceEventOutcome[] | null;
}

export interface Result {
  tried: number;
  settled: number;
  problem: string | null;
}

const IDS = 100;
const AT_ONCE = 50;

export async function replay(sourceId: string, eventIds: string[]): Promise<Result> {
  const { replaySourceEvents } = await ask(ReplaySourceEvents, { sourceId, eventIds });
  const { replayed, settled, userErrors } = replaySourceEvents;
  return { tried: replayed, settled, problem: userErrors[0]?.message ?? null };
}

/** What the filter shows, to its end, by source. */
async function gather(filter: Filter): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  let after: string | null = null;
  do {
    const page: { nodes: { id: string; sourceId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } = (
      await ask(SourceEventIds, { ...filter, first: IDS, after })
    ).sourceEvents;
    for (const { id, sourceId } of page.nodes) found.set(sourceId, [...(found.get(sourceId) ?? []), id]);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

export async function replayAll(filter: Filter, told: (done: number, of: number) => void): Promise<Result> {
  const found = await gather(filter);
  const of = [...found.values()].reduce((sum, ids) => sum + ids.length, 0);
  const sum: Result = { tried: 0, settled: 0, problem: null };
  let done = 0;
  for (const [sourceId, ids] of found) {
    const oldestFirst = ids.toReversed();
    for (let at = 0; at < oldestFirst.length; at += AT_ONCE) {
      told(done, of);
      const some = oldestFirst.slice(at, at + AT_ONCE);
      const { tried, settled, problem } = await replay(sourceId, some);
      sum.tried += tried;
      sum.settled += settled;
      sum.problem ??= problem;
      done += some.length;
    }
  }
  return sum;
}
