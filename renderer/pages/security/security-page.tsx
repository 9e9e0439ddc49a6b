import { Page } from '../../components/page.tsx';

export function SecurityPage() {
  return <Page title="Security">{null}</Page>;
}
