import { addIcon, refreshIcon, settingsIcon, userIcon } from '@jupyterlab/ui-components';

import { useAttempt, useSignal } from '../hooks';
import { useUi } from '../ui-context';
import { Button, IconButton } from './button';

/** The head of the panel: what concerns all projects, and who is signed in. */
export function AccountHeader() {
  const { projects, trans, run, openSettings } = useUi();
  const { busy, start } = useAttempt();
  useSignal(projects.accountChanged);
  const { account } = projects;
  return (
    <header className="jp-Projects-header">
      <div className="jp-Projects-titleRow">
        <h2>{trans.__('Projects')}</h2>
        {account && (
          <>
            <IconButton
              icon={addIcon}
              label={trans.__('Turn a folder into a project…')}
              onClick={() => run('projects:create')}
            />
            <IconButton
              icon={refreshIcon}
              label={trans.__('Ask the cloud again')}
              disabled={busy}
              onClick={() =>
                start(trans.__('The projects could not be listed'), () => projects.refresh())
              }
            />
          </>
        )}
        {openSettings && (
          <IconButton
            icon={settingsIcon}
            label={trans.__('Settings of Projects')}
            onClick={openSettings}
          />
        )}
      </div>
      {account && (
        <div className="jp-Projects-account">
          <span className="jp-Projects-accountName">
            <userIcon.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
            <span>{account.name}</span>
          </span>
          <Button
            disabled={busy}
            onClick={() => start(trans.__('Signing out failed'), () => projects.signOut())}
          >
            {trans.__('Sign out')}
          </Button>
        </div>
      )}
    </header>
  );
}
