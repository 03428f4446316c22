import type { TranslationBundle } from '@jupyterlab/translation';

import type { Role } from '../../tokens';
import { rightsWords } from './members';

export interface RoleSelectProps {
  readonly label: string;
  readonly trans: TranslationBundle;
  readonly roles: readonly Role[];
  /** null: none. */
  readonly role: Role | null;
  /** What no role is called; left out where there must be one. */
  readonly none?: string;
  readonly isOff: boolean;
  readonly hint?: string;
  readonly onChange: (role: Role | null) => void;
}

export function RoleSelect(props: RoleSelectProps) {
  const { label, trans, roles, role, none, isOff, hint, onChange } = props;
  return (
    <span className="jp-Projects-role">
      <select
        className="jp-mod-styled"
        aria-label={label}
        title={hint || undefined}
        value={role ?? ''}
        disabled={isOff}
        onChange={({ target }) => onChange(roles.find(each => each === target.value) ?? null)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {roles.map(each => (
          <option key={each} value={each}>
            {rightsWords(each, trans)}
          </option>
        ))}
      </select>
    </span>
  );
}
