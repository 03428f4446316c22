import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';

export interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly icon?: LabIcon;
  /** For the one thing to do next. */
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Says more than its label: what it does, or to what. */
  readonly hint?: string;
}

export function Button({ onClick, children, icon, primary, disabled, hint }: ButtonProps) {
  return (
    <button
      type="button"
      className={`jp-Projects-button jp-mod-styled ${primary ? 'jp-mod-accept' : 'jp-mod-minimal'}`}
      onClick={onClick}
      disabled={disabled}
      title={hint}
    >
      {icon && <icon.react tag="span" className="jp-Projects-buttonIcon" />}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps {
  readonly icon: LabIcon;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

/** A button without words on it; they are its name and its tooltip. */
export function IconButton({ icon: Icon, label, onClick, disabled }: IconButtonProps) {
  return (
    <button
      type="button"
      className="jp-Projects-iconButton"
      aria-label={label}
      title={label}
      onClick={onClick}
      disabled={disabled}
    >
      <Icon.react tag="span" className="jp-Projects-buttonIcon" />
    </button>
  );
}
