import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Empty } from '../components/states.tsx';

interface Props {
  /** A new one gets a new chance. */
  place: string;
  children: ReactNode;
}

/** Keeps what breaks on one page on that page. */
export class PageBoundary extends Component<Props, { brokenAt: string | null }> {
  override state = { brokenAt: null as string | null };

  static getDerivedStateFromProps(props: Props, state: { brokenAt: string | null }) {
    return state.brokenAt !== null && state.brokenAt !== props.place ? { brokenAt: null } : null;
  }

  override componentDidCatch(): void {
    this.setState({ brokenAt: this.props.place });
  }

  static getDerivedStateFromError() {
    return { brokenAt: '' };
  }

  override render(): ReactNode {
    if (this.state.brokenAt === null) return this.props.children;
    return (
      <Empty
        title="This page broke"
        why="The gateway goes on. Loading the panel again mostly helps; the log in Settings may say more."
        action={<Button onClick={() => window.location.reload()}>Load again</Button>}
      />
    );
  }
}
