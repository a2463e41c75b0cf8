// The whole page: who is signed in, and which screen the address names.

import { useEffect, useLayoutEffect } from 'preact/hooks';

import { Frame } from './parts/frame';
import { Admin } from './screens/admin';
import { Customers } from './screens/customers';
import { CustomerScreen } from './screens/customer';
import { FeedScreen } from './screens/feed';
import { AdminsOnly, NotFound, RecordsOnly } from './screens/not-found';
import { ReviewsScreen } from './screens/reviews';
import { Search } from './screens/search';
import { SignIn } from './screens/sign-in';
import { watchCalls } from './state/calls';
import { countHeld } from './state/held';
import { route } from './state/router';
import { goOn, isAdmin, recordsOnly, viewer, wanted } from './state/session';
import { words } from './words/en';

function Screen() {
  const { screen, id } = route.value;
  if (recordsOnly.value) return <RecordsOnly />;
  switch (screen) {
    case 'customers':
      return <Customers />;
    case 'search':
      return <Search />;
    case 'customer':
      return <CustomerScreen key={id} id={id} />;
    case 'feed':
      return <FeedScreen />;
    case 'reviews':
      return <ReviewsScreen />;
    case 'settings':
    case 'sources':
    case 'audit':
      if (!viewer.value) return null;
      if (!isAdmin.value) return <AdminsOnly />;
      return <Admin screen={screen} />;
    default:
      return <NotFound hint={words.notFoundPage} />;
  }
}

export function App() {
  const signIn = wanted.value !== null;
  const role = viewer.value?.role;
  useEffect(() => {
    if (!role || role === 'INGEST') return;
    void countHeld();
    return watchCalls();
  }, [role]);
  useLayoutEffect(() => {
    if (!signIn) goOn();
  }, [signIn]);
  // After a sign-out nothing of the page stays; after an ended token all of it does.
  const empty = signIn && viewer.value === null;
  return (
    <>
      {!empty && (
        <Frame hidden={signIn}>
          <Screen />
        </Frame>
      )}
      {signIn && <SignIn />}
    </>
  );
}
