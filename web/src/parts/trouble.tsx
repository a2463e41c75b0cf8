// What went wrong in a dialog or form, in the server's words.

import { ApiError } from '../state/api';
import { words } from '../words/en';
import { Icon } from './icon';

export function problemOf(failure: unknown): string {
  if (failure instanceof ApiError) {
    return failure.requestId ? `${failure.message} (${words.request(failure.requestId)})` : failure.message;
  }
  return String(failure);
}

export function Trouble({ text }: { text: string | null }) {
  return text ? (
    <p class="failure" role="alert">
      <Icon name="warn" />
      <span>{text}</span>
    </p>
  ) : null;
}
