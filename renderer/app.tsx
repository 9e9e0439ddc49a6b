import { Suspense } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { LiveProvider, useConnection } from './api/live.tsx';
import { ConfirmProvider } from './components/confirm.tsx';
import { Empty, Skeletons } from './components/states.tsx';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { PAGES } from './pages.ts';
import { useHashLocation } from './shell/hash-location.ts';
import { PageBoundary } from './shell/page-boundary.tsx';
import { Shell } from './shell/shell.tsx';
import { ShortcutProvider } from './shell/shortcuts.tsx';

export function App() {
  return (
    <LiveProvider>
      <ShortcutProvider>
        <ConfirmProvider>
          <Router hook={useHashLocation}>
            <SignedIn />
          </Router>
        </ConfirmProvider>
      </ShortcutProvider>
    </LiveProvider>
  );
}

function SignedIn() {
  if (useConnection() === 'signed-out') return <SignInPage />;
  return (
    <Shell>
      <Pages />
    </Shell>
  );
}

function Pages() {
  const [location] = useLocation();
  return (
    <PageBoundary place={location}>
      <Suspense fallback={<Skeletons />}>
        <Switch>
          {PAGES.map(([path, component]) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route>
            <Empty title="There is no such page" why="The panel’s pages are on the left." />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}
