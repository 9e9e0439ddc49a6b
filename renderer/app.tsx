import { useOverview } from './api/use-overview.ts';
import { Unreachable } from './components/unreachable.tsx';
import { HomePage } from './pages/home/home-page.tsx';

export function App() {
  const overview = useOverview();
  if (overview.data === null) return <Unreachable trouble={overview.trouble} />;
  return <HomePage data={overview.data} trouble={overview.trouble} />;
}
