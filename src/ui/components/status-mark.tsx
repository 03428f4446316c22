import type { LabIcon } from '@jupyterlab/ui-components';

import type { Tone } from '../overall';

export interface StatusMarkProps {
  readonly icon: LabIcon;
  readonly tone: Tone;
  readonly text: string;
  /** Only the icon is seen; the text is its tooltip and its name. */
  readonly iconOnly?: boolean;
}

/** A status as icon and words; the colour only repeats them. */
export function StatusMark({ icon: Icon, tone, text, iconOnly }: StatusMarkProps) {
  return (
    <span className={`jp-Projects-status jp-mod-${tone}`} title={iconOnly ? text : undefined}>
      <Icon.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
      <span className={iconOnly ? 'jp-Projects-unseen' : undefined}>{text}</span>
    </span>
  );
}
