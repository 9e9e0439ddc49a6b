import { Button } from '@mantine/core';
import { useProviderKinds, useStatus } from '../../../api/lists.ts';
import { Page } from '../../../components/page.tsx';
import { Panel } from '../../../components/panel.tsx';
import { PauseButton } from '../pause-button.tsx';
import { StateTitle } from '../state-title.tsx';
import { FirstRequestStep } from './first-request-step.tsx';
import { FoundHere } from './found-here.tsx';
import { Kept } from './kept.tsx';
import classes from './set-up.module.css';
import { SetUpAddresses } from './set-up-addresses.tsx';
import { LinkStep, Step, UpStep } from './step.tsx';
import type { StepId, Steps } from './steps.ts';
import type { SetUpState } from './use-set-up.ts';

/** How many providers the third step names. */
const NAMED = 4;

/** From the first start to a connected tool. Each step ticks itself. */
export function SetUp({ setUp }: { setUp: SetUpState }) {
  const { steps, refused, close } = setUp;
  const { done, current, ticked } = steps;
  const hosted = useProviderKinds().data?.filter(({ local }) => !local).length ?? 0;
  const others = hosted > NAMED ? ` and ${hosted - NAMED} more` : '';
  const of = (id: keyof typeof ticked) => ({ ticked: ticked[id], current: current === id });
  return (
    <Page
      title={<StateTitle />}
      lead={<Lead done={done} current={current} />}
      actions={
        <>
          {!done && <Button onClick={close}>Skip the set-up</Button>}
          <PauseButton />
        </>
      }
    >
      <div className={classes.columns}>
        <Panel className={classes.path ?? ''} flush>
          <ol className={classes.steps} aria-label="Set-up">
            <UpStep {...of('up')} />
            <FirstRequestStep {...of('request')} refused={refused} />
            <LinkStep
              {...of('provider')}
              number={3}
              title="Add a provider"
              line={`Anthropic, OpenAI, Google, OpenRouter${others}, or a local model.`}
              action="Add provider"
              href="/providers/add"
            />
            <LinkStep
              {...of('models')}
              number={4}
              title="Publish models"
              line="Choose what its members and tools may ask for, and by which names."
              action="Publish models"
              href="/models/add"
            />
            <LinkStep
              {...of('tool')}
              number={5}
              title="Connect a tool"
              line="Claude Code, Codex, Cline and others. Ticks with its first request."
              action="Choose tool"
              href="/connect"
            />
            <LinkStep
              {...of('share')}
              number={6}
              title="Share it"
              line="Optional. Give colleagues and agents their own keys and limits."
              action="Add member"
              href="/members?add=person"
            />
            {done && (
              <Step
                ticked
                current={false}
                number={7}
                title="Ready"
                line="From now on this page shows what runs."
              >
                <Button variant="filled" onClick={close} className={classes.finish ?? ''}>
                  Show the gateway
                </Button>
              </Step>
            )}
          </ol>
        </Panel>
        <div className={classes.side}>
          <FoundHere />
          <SetUpAddresses />
          <Kept />
        </div>
      </div>
    </Page>
  );
}

function Lead({ done, current }: Pick<Steps, 'done' | 'current'>) {
  const { data: status } = useStatus();
  if (status?.paused) return 'Requests are refused until you resume.';
  if (done) return 'Your tools reach it, and it reaches your providers.';
  return LEADS[current ?? 'up'];
}

const LEADS: Readonly<Record<StepId, string>> = {
  up: 'It is about to listen.',
  request: 'Started just now. Two minutes from here to your first answer.',
  provider: 'It answers. Next, what it should answer with.',
  models: 'It has a provider. Next, the models that may be asked for.',
  tool: 'It has models. Next, the tool that asks them.',
  share: '',
};
