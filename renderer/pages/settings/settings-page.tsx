import { type ComponentType, useState } from 'react';
import { Page } from '../../components/page.tsx';
import { AboutSection } from './about-section.tsx';
import { AppSection } from './app-section.tsx';
import { BillingSection } from './billing-section.tsx';
import { CredentialsSection } from './credentials-section.tsx';
import { DataSection } from './data-section.tsx';
import { LogsSection } from './logs-section.tsx';
import { MetricsSection } from './metrics-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { OllamaSection } from './ollama-section.tsx';
import classes from './settings-page.module.css';
import { SharingSection } from './sharing/sharing-section.tsx';

const SECTIONS: readonly (readonly [name: string, section: ComponentType])[] = [
  ['App', AppSection],
  ['Network', NetworkSection],
  ['Sharing', SharingSection],
  ['Ollama', OllamaSection],
  ['Data', DataSection],
  ['Credentials', CredentialsSection],
  ['Metrics', MetricsSection],
  ['Billing', BillingSection],
  ['Logs', LogsSection],
  ['About', AboutSection],
];

export function SettingsPage() {
  const [current, setCurrent] = useState('App');
  function show(name: string) {
    setCurrent(name);
    document.getElementById(`settings-${name}`)?.scrollIntoView({ block: 'start' });
  }
  return (
    <Page title="Settings" lead="Changes hold at once. What needs a restart of the listener says so first.">
      <div className={classes.columns}>
        <nav aria-label="Settings" className={classes.nav}>
          {SECTIONS.map(([name]) => (
            <button
              key={name}
              type="button"
              className={classes.jump}
              aria-current={name === current || undefined}
              onClick={() => show(name)}
            >
              {name}
            </button>
          ))}
        </nav>
        <div className={classes.sections}>
          {SECTIONS.map(([name, Section]) => (
            <div key={name} id={`settings-${name}`} className={classes.anchor}>
              <Section />
            </div>
          ))}
        </div>
      </div>
    </Page>
  );
}
