// What is not there, and what is for others.

import { Empty, Title } from '../parts/bits';
import { addressOf } from '../state/router';
import { words } from '../words/en';

export function NotFound({ hint }: { hint: string }) {
  return (
    <div class="screen centered">
      <Title>{words.notFound}</Title>
      <p class="faint">{hint}</p>
      <p>
        <a class="button" href={addressOf.customers}>
          {words.toCustomers}
        </a>
      </p>
    </div>
  );
}

export function AdminsOnly() {
  return (
    <div class="screen centered">
      <Title>{words.adminsOnly}</Title>
      <p class="faint">{words.adminsOnlyHint}</p>
      <p>
        <a class="button" href={addressOf.customers}>
          {words.toCustomers}
        </a>
      </p>
    </div>
  );
}

export function RecordsOnly() {
  return (
    <div class="screen centered">
      <Title>{words.recordsOnly}</Title>
      <Empty title={words.recordsOnlyHint} icon="user" />
    </div>
  );
}
