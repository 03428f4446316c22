import type { TranslationBundle } from '@jupyterlab/translation';

import type { Role } from '../../tokens';
import { Button } from '../components/button';
import type { Member } from './members';
import { RoleSelect } from './role-select';

const ROLES: readonly Role[] = ['owner', 'writer', 'reader', 'finder'];

export interface MemberRowProps {
  readonly member: Member;
  readonly trans: TranslationBundle;
  /** Why it can't be changed; '' where it can. */
  readonly whyNot: string;
  /** Whether that is said in words beside it, and not by its tooltip alone. */
  readonly saysWhy: boolean;
  readonly busy: boolean;
  readonly onChange: (role: Role | null) => void;
}

/** Somebody, what they may do, and the ways to change that. */
export function MemberRow({ member, trans, whyNot, saysWhy, busy, onChange }: MemberRowProps) {
  const { name, isOrganization, role } = member;
  const isOff = busy || whyNot !== '';
  return (
    <li className="jp-Projects-member">
      <span className="jp-Projects-memberName">
        {name}
        {isOrganization && <span className="jp-Projects-quiet"> {trans.__('(organization)')}</span>}
      </span>
      <RoleSelect
        label={trans.__('Role of %1', name)}
        trans={trans}
        roles={ROLES}
        role={role}
        isOff={isOff}
        hint={whyNot}
        onChange={onChange}
      />
      <Button
        disabled={isOff}
        hint={whyNot || trans.__('Take the role of %1 away', name)}
        onClick={() => onChange(null)}
      >
        {trans.__('Remove')}
        <span className="jp-Projects-unseen"> {name}</span>
      </Button>
      {saysWhy && <span className="jp-Projects-quiet jp-Projects-memberWhy">{whyNot}</span>}
    </li>
  );
}
