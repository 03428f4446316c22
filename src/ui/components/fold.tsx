import type { ReactNode } from 'react';
import { useState } from 'react';

export interface FoldProps {
  readonly title: string;
  readonly open?: boolean;
  readonly onToggle?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A section that can be folded, by the browser's own means. */
export function Fold({ title, open = false, onToggle, children }: FoldProps) {
  const [unfolded, setUnfolded] = useState(open);
  const shown = onToggle ? open : unfolded;
  return (
    <details
      className="jp-Projects-fold"
      open={shown}
      onToggle={event => (onToggle ?? setUnfolded)(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {shown && <div className="jp-Projects-foldBody">{children}</div>}
    </details>
  );
}
