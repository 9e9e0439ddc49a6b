import { Panel } from '../../components/panel.tsx';
import classes from './rules-panel.module.css';

/** What the gateway watches by itself, as gateway/audit/alerts.ts and unusual-volume.ts have it. */
const RULES: readonly (readonly [when: string, then: string])[] = [
  ['20 wrong keys from one address in 60 s', 'block for 15 min'],
  ['A key on a new address', 'alert'],
  ['Five times a key’s busiest hour of the week', 'alert'],
  ['A provider fails three times in a row', 'alert'],
];

export function RulesPanel() {
  return (
    <Panel title="Rules" note="watched by itself" flush>
      <dl className={classes.rules}>
        {RULES.map(([when, then]) => (
          <div key={when} className={classes.rule}>
            <dt>{when}</dt>
            <dd>{then}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
