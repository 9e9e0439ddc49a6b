import { Skeletons } from '../../components/states.tsx';
import { Dashboard } from './dashboard.tsx';
import { SetUp } from './set-up/set-up.tsx';
import { useSetUp } from './set-up/use-set-up.ts';

/** The path to a first connected tool; once that is walked or put away, how the gateway is. */
export function HomePage() {
  const setUp = useSetUp();
  if (setUp.stage === 'unknown') return <Skeletons />;
  return setUp.stage === 'open' ? <SetUp setUp={setUp} /> : <Dashboard />;
}
