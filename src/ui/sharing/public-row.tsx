import type { TranslationBundle } from '@jupyterlab/translation';

import type { Role } from '../../tokens';
import { RoleSelect } from './role-select';

/** Everybody may be given these; a stronger role that they have is shown, and can be taken away. */
const OFFERED: readonly Role[] = ['reader', 'finder'];

export interface PublicRowProps {
  /** What everybody may do; null: nothing. */
  readonly role: Role | null;
  readonly trans: TranslationBundle;
  readonly whyNot: string;
  readonly busy: boolean;
  readonly onChange: (role: Role | null) => void;
}

/** Whether a project is public. */
export function PublicRow({ role, trans, whyNot, busy, onChange }: PublicRowProps) {
  const roles = role && !OFFERED.includes(role) ? [role, ...OFFERED] : OFFERED;
  return (
    <li className="jp-Projects-member">
      <span className="jp-Projects-memberName">{trans.__('Everybody')}</span>
      <RoleSelect
        label={trans.__('What everybody may do')}
        trans={trans}
        roles={roles}
        role={role}
        none={trans.__('Nothing: not public')}
        isOff={busy || whyNot !== ''}
        hint={whyNot}
        onChange={onChange}
      />
    </li>
  );
}
