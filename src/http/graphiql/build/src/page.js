import { createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useEditorContext, useExecutionContext } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';

import { examples } from './examples.js';
import { fetcher } from './fetcher.js';
import { storage } from './storage.js';
import { follow } from './streams.js';
import './page.css';

// The token comes in the fragment, which browsers never send to a server, and is never kept in the browser's storage.
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const headers = token ? JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2) : '';
const pretty = (variables) => (Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : '');

/** Shows nothing: it tells what GraphiQL's tabs and its execution are now. */
function Streams() {
  const editor = useEditorContext({ nonNull: true });
  const execution = useExecutionContext({ nonNull: true });
  useEffect(() => follow(editor, execution));
  return null;
}

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher: fetcher(new URL('graphql', location.href), token),
    defaultTabs: examples.map(({ query, variables }) => ({ query, variables: pretty(variables), headers })),
    headers,
    storage,
    toolbar: { additionalComponent: Streams },
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);

// Another token pasted into the address bar changes the fragment only, and the page would go on with the old one.
addEventListener('hashchange', () => location.reload());
