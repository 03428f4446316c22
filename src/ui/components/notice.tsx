import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';

export interface NoticeProps {
  readonly icon: LabIcon;
  readonly title: string;
  /** What it means, and what to do next. */
  readonly text: string;
  readonly bad?: boolean;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** A state of the whole panel that asks for something, or tells why there is nothing to see. */
export function Notice({ icon: Icon, title, text, bad, children }: NoticeProps) {
  return (
    <section
      className={`jp-Projects-notice${bad ? ' jp-mod-bad' : ''}`}
      role={bad ? 'alert' : undefined}
    >
      <h3 className="jp-Projects-noticeTitle">
        <Icon.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
        <span>{title}</span>
      </h3>
      <p>{text}</p>
      {children && <div className="jp-Projects-buttons">{children}</div>}
    </section>
  );
}
