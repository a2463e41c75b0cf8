// The addresses of a person, and why each of them is this person's.

import { useSignal } from '@preact/signals';

import { MoreIdentities, UpdateIdentity, WhyLinked } from '../generated/documents';
import type { AddressFragment } from '../generated/types';
import type { Person } from '../screens/customer';
import { ask } from '../state/api';
import { tell } from '../state/notes';
import { useResource } from '../state/resource';
import { mayWrite } from '../state/session';
import { words } from '../words/en';
import { Chip, Failure, Skeleton, Time } from './bits';
import { Icon } from './icon';
import { Modal } from './modal';
import { problemOf } from './trouble';

export function Identities({ person, reload }: { person: Person; reload(): void }) {
  const asked = useSignal<AddressFragment | null>(null);
  const more = useSignal<AddressFragment[] | null>(null);
  const { nodes, totalCount, pageInfo } = person.identities;
  const readMore = async () => {
    try {
      const { customer } = await ask(MoreIdentities, { id: person.id });
      more.value = customer?.identities.nodes ?? null;
    } catch (failure) {
      tell(problemOf(failure), undefined, true);
    }
  };
  return (
    <section class="card" aria-labelledby="identities-heading">
      <header>
        <h2 id="identities-heading">{words.identities}</h2>
        <span class="faint">{words.number(totalCount.count)}</span>
      </header>
      <ul class="addresses">
        {(more.value ?? nodes).map((address) => (
          <li key={address.id}>
            <Icon name={address.kind} size={14} />
            <div>
              <button type="button" class="link why" aria-label={words.whyLinkedOf(address.value)} onClick={() => (asked.value = address)}>
                <bdi>{address.value}</bdi>
              </button>
              <p class="faint">
                {address.kinds.map((kind) => words.identityKinds[kind]).join(', ')}
                {address.namespace && <bdi> · {address.namespace}</bdi>}
              </p>
            </div>
            {address.shared && <Chip tone="warn">{words.shared}</Chip>}
            {address.verification !== 'CLAIMED' && (
              <Chip tone={address.verification === 'VERIFIED' ? 'good' : 'bad'}>{words.verification[address.verification]}</Chip>
            )}
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && !more.value && (
        <button type="button" class="small quiet" onClick={() => void readMore()}>
          {words.moreAddresses}
        </button>
      )}
      {asked.value && (
        <Why
          address={asked.value}
          onClose={() => {
            asked.value = null;
          }}
          reload={reload}
        />
      )}
    </section>
  );
}

function Why({ address, onClose, reload }: { address: AddressFragment; onClose(): void; reload(): void }) {
  const why = useResource(WhyLinked, { id: address.id });
  const shared = useSignal(address.shared);
  const busy = useSignal(false);
  const node = why.data.value?.node;
  const evidence = node && 'evidence' in node ? node.evidence : [];
  const mark = async () => {
    busy.value = true;
    try {
      const { updateIdentity } = await ask(UpdateIdentity, { input: { identityId: address.id, shared: !shared.value } });
      if (updateIdentity.userErrors[0]) tell(updateIdentity.userErrors[0].message, undefined, true);
      else {
        shared.value = !shared.value;
        reload();
      }
    } catch (failure) {
      tell(problemOf(failure), undefined, true);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Modal title={words.whyLinked} onClose={onClose}>
      <p class="strong">
        <bdi>{address.value}</bdi> <Chip tone={address.verification === 'VERIFIED' ? 'good' : ''}>{words.verification[address.verification]}</Chip>
      </p>
      {why.error.value && <Failure error={why.error.value} retry={() => void why.load()} />}
      {!why.data.value && !why.error.value && <Skeleton rows={2} />}
      {why.data.value && evidence.length === 0 && <p class="faint">{words.noEvidence}</p>}
      <ol class="evidence" aria-label={words.evidence}>
        {evidence.map((reason, index) => (
          <li key={index}>
            <span class="strong">{words.rules[reason.rule]}</span>
            {(reason.from || reason.to) && (
              <p>
                {reason.from && <bdi>{reason.from.value}</bdi>}
                {reason.from && reason.to && ` ${words.and} `}
                {reason.to && <bdi>{reason.to.value}</bdi>}
              </p>
            )}
            <p class="faint">
              <Time at={reason.at} /> · {words.via(reason.source)}
              {reason.actor && ` · ${words.by(reason.actor)}`}
            </p>
          </li>
        ))}
      </ol>
      {mayWrite.value && (
        <div class="buttons">
          <button type="button" class="small" disabled={busy.value} onClick={() => void mark()}>
            {shared.value ? words.markOwn : words.markShared}
          </button>
          <span class="faint">{shared.value && words.sharedHint}</span>
        </div>
      )}
    </Modal>
  );
}
