// Whatever an admin opens: its screen, once the file of these screens is there.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { Skeleton, Title } from '../parts/bits';
import { words } from '../words/en';

type Screens = typeof import('../admin');

const screens = signal<Screens | 'missing' | null>(null);
let asked = false;

/** A browser that failed to load a file does not try again by itself, and the server may have another by now. */
async function load(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    screens.value = await import('../admin');
  } catch {
    screens.value = 'missing';
  }
}

export function Admin({ screen }: { screen: 'settings' | 'sources' | 'audit' }) {
  useEffect(() => void load(), []);
  const title = screen === 'audit' ? words.audit : words.settings;
  if (screens.value === null) {
    return (
      <div class="screen">
        <div class="screen-head" data-sticky>
          <Title>{title}</Title>
        </div>
        <Skeleton />
      </div>
    );
  }
  if (screens.value === 'missing') {
    return (
      <div class="screen centered">
        <Title>{title}</Title>
        <p class="faint">{words.notLoaded}</p>
        <p>
          <button type="button" onClick={() => location.reload()}>
            {words.loadAgain}
          </button>
        </p>
      </div>
    );
  }
  const { AuditScreen, SettingsScreen, SourcesScreen } = screens.value;
  if (screen === 'sources') return <SourcesScreen />;
  return screen === 'settings' ? <SettingsScreen /> : <AuditScreen />;
}
