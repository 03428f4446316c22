import type { TranslationBundle } from '@jupyterlab/translation';
import { useId, useState } from 'react';

import type { Organization, Role } from '../../tokens';
import { subjectOf } from './members';
import { RoleSelect } from './role-select';

const ROLES: readonly Role[] = ['reader', 'writer', 'owner', 'finder'];

export interface AddMemberProps {
  readonly trans: TranslationBundle;
  readonly busy: boolean;
  /** Offered while a name is typed. */
  readonly organizations: readonly Organization[];
  /** Resolves with whether it worked. */
  readonly add: (subject: string, role: Role) => Promise<boolean>;
}

/** Gives somebody a role. */
export function AddMember({ trans, busy, organizations, add }: AddMemberProps) {
  const [kind, setKind] = useState<'person' | 'organization'>('person');
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role>('reader');
  const ids = { title: useId(), name: useId(), hint: useId(), list: useId() };
  const isPerson = kind === 'person';
  const submit = async (): Promise<void> => {
    const organization = organizations.find(({ name }) => name === text.trim());
    const subject = organization && !isPerson ? organization.id : text;
    if (text.trim() !== '' && (await add(subjectOf(kind, subject), role))) {
      setText('');
    }
  };
  return (
    <form
      className="jp-Projects-addMember"
      aria-labelledby={ids.title}
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <h3 id={ids.title}>{trans.__('Share with')}</h3>
      <div className="jp-Projects-addRow">
        <select
          className="jp-mod-styled"
          aria-label={trans.__('With whom')}
          value={kind}
          onChange={({ target }) =>
            setKind(target.value === 'organization' ? 'organization' : 'person')
          }
        >
          <option value="person">{trans.__('A person')}</option>
          <option value="organization">{trans.__('An organization')}</option>
        </select>
        <input
          className="jp-mod-styled"
          aria-label={
            isPerson ? trans.__('Id of the person') : trans.__('Name of the organization')
          }
          placeholder={isPerson ? trans.__('Id') : trans.__('Name, or id')}
          aria-describedby={ids.hint}
          list={isPerson ? undefined : ids.list}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
        {!isPerson && (
          <datalist id={ids.list}>
            {organizations.map(({ id, name }) => (
              <option key={id} value={name} />
            ))}
          </datalist>
        )}
        <RoleSelect
          label={trans.__('Role to give')}
          trans={trans}
          roles={ROLES}
          role={role}
          isOff={false}
          onChange={chosen => setRole(chosen ?? 'reader')}
        />
        <button
          type="submit"
          className="jp-Projects-button jp-mod-styled jp-mod-accept"
          disabled={busy || text.trim() === ''}
          title={text.trim() === '' ? trans.__('First say with whom') : undefined}
        >
          {trans.__('Give the role')}
        </button>
      </div>
      <p className="jp-Projects-hint" id={ids.hint}>
        {isPerson
          ? trans.__(
              'People find their id under Share… of any of their projects: “Copy my own id”. The cloud tells nobody the ids of others.'
            )
          : trans.__('Everybody in the organization gets the role.')}
      </p>
    </form>
  );
}
