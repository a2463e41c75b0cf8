// What is pasted at a provider, made of the address, the keys and, while it is told, the secret of a source.

import type { SourceFragment } from '../../generated/types';
import { adminWords } from '../../words/en-admin';

export interface Line {
  label: string;
  text: string;
}

/** Stands where a secret belongs that is not told any more. */
const UNTOLD = '<secret>';

export function linesFor({ kind, url, writeKey }: SourceFragment, secret: string | null = null): Line[] {
  const { paste } = adminWords.sources;
  const known = secret ?? UNTOLD;
  switch (kind) {
    case 'SEGMENT':
      return segmentLines(url.replace(/\/v1$/, ''), writeKey ?? '');
    case 'POSTMARK':
      return [{ label: paste.address, text: url.replace('://', `://rapport:${known}@`) }];
    case 'EMAIL':
      return [
        {
          label: paste.command,
          text: `curl --fail --silent --show-error --max-time 60 --user 'rapport:${known}' \\\n  --header 'Content-Type: message/rfc822' --data-binary @- '${url}' || exit 75`,
        },
      ];
    case 'TELEGRAM':
      return [
        {
          label: paste.command,
          text: `curl 'https://api.telegram.org/bot<bot token>/setWebhook' \\\n  -d url='${url}' -d secret_token='${known}' \\\n  -d 'allowed_updates=["message","edited_message"]'`,
        },
      ];
    case 'DEVICE':
      return [{ label: paste.header, text: `Authorization: Bearer ${known}` }];
    default:
      return [];
  }
}

function segmentLines(origin: string, key: string): Line[] {
  const { paste } = adminWords.sources;
  const host = origin.replace(/^https?:\/\//, '');
  return [
    { label: paste.snippet, text: `<script async src="${origin}/rapport.js" data-key="${key}"></script>` },
    { label: paste.login, text: "rapport.identify('user-1', { name: 'Ada Lovelace', email: 'ada@example.com' });" },
    { label: paste.next, text: `AnalyticsBrowser.load({ writeKey: '${key}', cdnURL: '${origin}' })` },
    { label: paste.node, text: `new Analytics({ writeKey: '${key}', host: '${origin}' })` },
    { label: paste.python, text: `analytics.host = '${origin}'; analytics.write_key = '${key}'` },
    { label: paste.mobile, text: `apiHost = "${host}/v1", cdnHost = "${host}/v1"` },
    { label: paste.rudder, text: `analytics.load('${key}', '${origin}', { configUrl: '${origin}' })` },
  ];
}
