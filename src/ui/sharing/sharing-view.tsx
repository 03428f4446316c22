import type { TranslationBundle } from '@jupyterlab/translation';
import { useRef, useState } from 'react';

import type { IProjects, Role } from '../../tokens';
import { Button } from '../components/button';
import { useSignal } from '../hooks';
import { AddMember } from './add-member';
import { invitation, membersOf, whyNotShare } from './members';
import type { Member } from './members';
import { MemberRow } from './member-row';
import { PublicRow } from './public-row';
import { useMembers } from './use-members';

export interface SharingViewProps {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  readonly projectId: string;
  /** Puts a text on the clipboard. */
  readonly copy: (text: string) => void;
}

/** Who may do what with a project. */
export function SharingView({ projects, trans, projectId, copy }: SharingViewProps) {
  useSignal(projects.projectsChanged);
  useSignal(projects.accountChanged);
  const project = projects.projects.find(({ id }) => id === projectId);
  const role = project?.role ?? null;
  const why = whyNotShare(role, trans);
  const sharing = useMembers(projects, projectId, role !== null && role !== 'finder');
  const [said, setSaid] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const { account } = projects;
  const { members, everybody } = membersOf(
    sharing.permissions ?? [],
    { account, organizations: sharing.organizations },
    trans
  );

  const change = async (member: Member, to: Role | null): Promise<void> => {
    setSaid('');
    if (!(await sharing.share(member.subject, to))) {
      return;
    }
    setSaid(
      to === null
        ? trans.__('%1 has no role any more.', member.name)
        : trans.__('The role of %1 is changed.', member.name)
    );
    if (to === null) {
      heading.current?.focus();
    }
  };
  const add = async (subject: string, as: Role): Promise<boolean> => {
    setSaid('');
    const isDone = await sharing.share(subject, as);
    setSaid(isDone ? trans.__('The role is given.') : '');
    return isDone;
  };
  const setEverybody = async (to: Role | null): Promise<void> => {
    setSaid('');
    if (await sharing.share('*', to)) {
      setSaid(
        to === null
          ? trans.__('The project is no longer public.')
          : trans.__('The project is public.')
      );
    }
  };
  const copyText = (text: string, words: string): void => {
    copy(text);
    setSaid(words);
  };

  return (
    <div className="jp-Projects-sharing">
      {why !== '' && (
        <p className="jp-Projects-message" id="jp-projects-why-not">
          {why}
        </p>
      )}
      {sharing.error !== '' && (
        <div className="jp-Projects-error" role="alert">
          <p>{sharing.error}</p>
          {!sharing.permissions && <Button onClick={sharing.look}>{trans.__('Try again')}</Button>}
        </div>
      )}
      {role !== 'finder' && (
        <section aria-labelledby="jp-projects-members">
          <h3 id="jp-projects-members" ref={heading} tabIndex={-1}>
            {trans.__('Who has access')}
          </h3>
          {!sharing.permissions && sharing.busy && (
            <p className="jp-Projects-quiet">{trans.__('Asking the cloud…')}</p>
          )}
          {sharing.permissions && (
            <ul className="jp-Projects-members">
              {members.map(member => (
                <MemberRow
                  key={member.subject}
                  member={member}
                  trans={trans}
                  whyNot={why || ownRoleWords(member, trans)}
                  saysWhy={why === '' && member.isSelf}
                  busy={sharing.busy}
                  onChange={to => void change(member, to)}
                />
              ))}
              <PublicRow
                role={everybody}
                trans={trans}
                whyNot={why}
                busy={sharing.busy}
                onChange={to => void setEverybody(to)}
              />
            </ul>
          )}
        </section>
      )}
      {why === '' && (
        <AddMember
          trans={trans}
          busy={sharing.busy}
          organizations={sharing.organizations}
          add={add}
        />
      )}
      <section aria-labelledby="jp-projects-invite">
        <h3 id="jp-projects-invite">{trans.__('Tell others')}</h3>
        <div className="jp-Projects-buttons">
          <Button
            hint={trans.__(
              'Its title, the cloud’s address and the project’s id, to paste into a message'
            )}
            onClick={() =>
              copyText(
                invitation(
                  { id: projectId, title: project?.title ?? '', cloudUrl: projects.cloudUrl },
                  trans
                ),
                trans.__('Copied: how others open the project.')
              )
            }
          >
            {trans.__('Copy how to open it')}
          </Button>
          {account && (
            <Button
              hint={trans.__('Who wants to share a project with you needs it: %1', account.id)}
              onClick={() => copyText(account.id, trans.__('Copied: your own id.'))}
            >
              {trans.__('Copy my own id')}
            </Button>
          )}
        </div>
      </section>
      <p className="jp-Projects-quiet" role="status">
        {sharing.busy ? trans.__('Working…') : said}
      </p>
    </div>
  );
}

/** Why one's own role is not for oneself to change; '' for others. */
function ownRoleWords({ isSelf }: Member, trans: TranslationBundle): string {
  return isSelf ? trans.__('You can’t take your own role away: another owner can.') : '';
}
