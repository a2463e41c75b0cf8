// The live feed: everything that happens in the tenant, as it happens.

import { useSignal } from '@preact/signals';

import { Title } from '../parts/bits';
import { FilterBar, filterOf, HistoryList } from '../parts/history-list';
import { UndoMergeDialog } from '../parts/undo-merge';
import { liveItems } from '../state/history';
import { params } from '../state/router';
import { words } from '../words/en';

export function FeedScreen() {
  const filter = filterOf(params.value);
  const items = liveItems(null, filter);
  const undoing = useSignal<string | null>(null);
  return (
    <div class="screen narrow-screen">
      <div class="screen-head" data-sticky>
        <Title>{words.feed}</Title>
      </div>
      <FilterBar searchable={false} />
      <HistoryList key={JSON.stringify(filter)} items={items} label={words.feed} named undo={(id) => (undoing.value = id)} />
      {undoing.value && <UndoMergeDialog mergeId={undoing.value} onClose={() => (undoing.value = null)} onDone={() => {}} />}
    </div>
  );
}
