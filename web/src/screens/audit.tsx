// The audit log: who did what, newest first.

import { Audit as AuditDocument } from '../generated/admin';
import type { AuditQuery } from '../generated/types';
import { Empty, Failure, More, PersonLink, Skeleton, Time, Title } from '../parts/bits';
import { ask } from '../state/api';
import { usePaged } from '../state/resource';
import { words } from '../words/en';
import { adminWords } from '../words/en-admin';

type Entry = AuditQuery['auditLog']['nodes'][number];

const PAGE = 50;

export function AuditScreen() {
  const list = usePaged<Entry>('audit', async (after) => {
    const { auditLog } = await ask(AuditDocument, { first: PAGE, after });
    return { slice: auditLog };
  });
  const nodes = list.nodes.value;
  const { auditColumns: columns } = adminWords;
  return (
    <div class="screen">
      <div class="screen-head" data-sticky>
        <Title>{words.audit}</Title>
      </div>
      {list.error.value && <Failure error={list.error.value} retry={() => void list.load()} />}
      {!list.loaded.value ? (
        !list.error.value && <Skeleton />
      ) : (
        <>
          <div class="table-box flat" tabIndex={0} role="group" aria-label={words.audit}>
            <table class="audit" aria-label={words.audit}>
              <thead>
                <tr>
                  {Object.values(columns).map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {nodes.map((entry) => (
                  <tr key={entry.id}>
                    <td data-name={columns.at}>
                      <Time at={entry.at} />
                    </td>
                    <td data-name={columns.actor}>
                      <bdi>{entry.actor}</bdi>
                    </td>
                    <td data-name={columns.action} class="strong">
                      {adminWords.auditAction(entry.action)}
                    </td>
                    <td data-name={columns.customer}>
                      {entry.customer ? <PersonLink person={entry.customer} /> : entry.customerId ? <span class="faint">{adminWords.erasedPerson}</span> : '–'}
                    </td>
                    <td data-name={columns.request}>
                      <code>{entry.requestId}</code>
                    </td>
                    <td data-name={columns.detail}>
                      <code class="detail">{detailOf(entry.detail)}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {nodes.length === 0 && <Empty title={adminWords.noAudit} hint={adminWords.noAuditHint} icon="log" />}
        </>
      )}
      <More on={list.more.value} busy={list.loading.value} next={() => void list.next()} />
    </div>
  );
}

function detailOf(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return detail === null ? '' : String(detail);
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
