import { useParams } from 'wouter';
import { useConnectTools } from '../../api/connect.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../../components/states.tsx';
import classes from './connect-page.module.css';
import { ToolList } from './tool-list.tsx';
import { ToolPanel } from './tool-panel.tsx';

/** Points a tool at this gateway: its exact lines, and whether its requests arrive. */
export function ConnectPage() {
  const { tool } = useParams<{ tool?: string }>();
  const { data: tools, error, refetch } = useConnectTools();
  const current = tools?.find(({ id }) => id === (tool ?? tools[0]?.id));
  return (
    <Page
      title="Connect"
      lead="Point a tool at this gateway. A green dot means it has sent a request in the last 7 days."
    >
      {tools === undefined ? (
        <Panel flush>
          {error === null ? (
            <Skeletons rows={8} />
          ) : (
            <Failed what="The tools" error={error} onRetry={() => void refetch()} />
          )}
        </Panel>
      ) : (
        <div className={classes.columns}>
          <ToolList tools={tools} current={current?.id ?? null} />
          <Panel className={classes.panel ?? ''} flush>
            {current === undefined ? (
              <Empty title="There is no such tool" why="Choose one on the left." />
            ) : (
              <ToolPanel key={current.id} tool={current} />
            )}
          </Panel>
        </div>
      )}
    </Page>
  );
}
