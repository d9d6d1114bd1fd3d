/** Keeps a failure where it happened: one broken panel or scene leaves the rest of the page at work. */

import { Component, type ReactNode } from 'react';
import { ErrorNote } from './notes.tsx';

export class Fence extends Component<{ what: string; children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div style={{ padding: 14 }}>
        <ErrorNote
          error={{
            code: 'page.failed',
            message: `${this.props.what} cannot be shown`,
            where: {},
            detail: `${error.message}\n${error.stack ?? ''}`,
            hint: 'Reload the page. If it happens again, report it with the details.',
          }}
          onRetry={() => this.setState({ error: undefined })}
        />
      </div>
    );
  }
}
