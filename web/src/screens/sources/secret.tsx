// A secret, told once; and the question before another one is made.

import { useSignal } from '@preact/signals';

import { RotateSourceSecret } from '../../generated/admin';
import type { SourceFragment } from '../../generated/types';
import { Modal } from '../../parts/modal';
import { problemOf, Trouble } from '../../parts/trouble';
import { ask } from '../../state/api';
import { words } from '../../words/en';
import { adminWords } from '../../words/en-admin';
import { Copy, CopyLine, Steps } from './copy';

interface Told {
  source: SourceFragment;
  secret: string | null;
  /** It takes the place of another one. */
  rotated: boolean;
}

export function TellSecret({ source, secret, rotated, onClose }: Told & { onClose(): void }) {
  const { sources } = adminWords;
  const copied = useSignal(secret === null);
  const asked = useSignal(false);
  /** Whoever leaves without the secret is asked once. */
  const leave = () => {
    if (copied.value || asked.value) onClose();
    else asked.value = true;
  };
  return (
    <Modal title={rotated ? sources.rotated(source.name) : sources.made(source.name)} wide onClose={leave}>
      <div class="told-once">
        {secret !== null && (
          <div class="secret-box">
            <p class="strong">{sources.secret}</p>
            <div class="secret-line">
              <code dir="ltr">{secret}</code>
              <Copy label={sources.copy} text={secret} first done={() => (copied.value = true)} />
            </div>
            <p>
              {sources.secretOnce} {rotated && sources.secretLater}
            </p>
          </div>
        )}
        <Keys source={source} />
        <h3>{sources.stepsTitle}</h3>
        <Steps source={source} secret={secret} />
        <Trouble text={asked.value && !copied.value ? sources.secretNotCopied : null} />
        <div class="buttons end">
          <button type="button" class={copied.value ? 'primary' : ''} onClick={leave}>
            {asked.value && !copied.value ? sources.closeAnyway : sources.done}
          </button>
        </div>
      </div>
    </Modal>
  );
}

/** What is no secret, and is given to the provider. */
export function Keys({ source: { url, writeKey, verifyToken } }: { source: SourceFragment }) {
  const { sources } = adminWords;
  return (
    <div class="keys-of-source">
      <CopyLine name={sources.address} text={url} label={sources.copyOf.address} />
      {writeKey && <CopyLine name={sources.writeKey} text={writeKey} label={sources.copyOf.writeKey} />}
      {verifyToken && <CopyLine name={sources.verifyToken} text={verifyToken} label={sources.copyOf.verifyToken} />}
    </div>
  );
}

interface RotateProps {
  source: SourceFragment;
  onClose(): void;
  onMade(source: SourceFragment, secret: string): void;
}

export function RotateSecret({ source, onClose, onMade }: RotateProps) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const { sources } = adminWords;
  const rotate = async () => {
    busy.value = true;
    problem.value = null;
    try {
      const { rotateSourceSecret: made } = await ask(RotateSourceSecret, { sourceId: source.id });
      if (made.source && made.secret) onMade(made.source, made.secret);
      else problem.value = made.userErrors[0]?.message ?? words.notDone;
    } catch (failure) {
      problem.value = problemOf(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={sources.rotateTitle(source.name)} onClose={onClose}>
      <p>{sources.rotateHint}</p>
      <Trouble text={problem.value} />
      <div class="buttons end">
        <button type="button" class="quiet" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="primary" disabled={busy.value} onClick={() => void rotate()}>
          {busy.value ? words.working : sources.rotateDo}
        </button>
      </div>
    </Modal>
  );
}
