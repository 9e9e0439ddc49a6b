import { Page } from '../../components/page.tsx';

export function PlansPage() {
  return <Page title="Plans">{null}</Page>;
}
