import { errorIcon, folderIcon, settingsIcon } from '@jupyterlab/ui-components';

import { useAttempt, useSignal } from '../hooks';
import { clockIcon, cloudOffIcon } from '../icons';
import { isFirstRun } from '../first-run';
import { overall } from '../overall';
import { useUi } from '../ui-context';
import { AccountHeader } from './account-header';
import { ActivityList } from './activity-list';
import { Button } from './button';
import { FirstRun } from './first-run';
import { Fold } from './fold';
import { HelperLine } from './helper-line';
import { Notice } from './notice';
import { ProjectList } from './project-list';
import { SearchBox } from './search-box';
import { SignInForm } from './sign-in-form';

/** The whole panel. */
export function PanelBody() {
  const { projects, selection, trans } = useUi();
  useSignal(projects.connectionChanged);
  useSignal(projects.accountChanged);
  useSignal(projects.projectsChanged);
  useSignal(selection.changed);
  return (
    <div className="jp-Projects-body">
      <AccountHeader />
      {projects.projects.length > 0 && <SearchBox />}
      <div className="jp-Projects-scroll">
        <div className="jp-Projects-unseen" role="status" aria-live="polite">
          {overall(projects, trans).text}
        </div>
        {isFirstRun(projects, selection) ? <FirstRun /> : <ConnectionNotice />}
        <Projects />
        <div className="jp-Projects-footer">
          <Fold
            title={trans.__('Activity')}
            open={selection.showsActivity}
            onToggle={open => selection.showActivity(open)}
          >
            <ActivityList />
          </Fold>
          <HelperLine />
        </div>
      </div>
    </div>
  );
}

/** What is to be done before anything else; nothing when all is well. */
function ConnectionNotice() {
  const { projects, trans, openSettings } = useUi();
  const { busy, start } = useAttempt();
  const { connection, connectionMessage, cloudUrl } = projects;
  const retry = (
    <Button
      primary
      disabled={busy}
      onClick={() => start(trans.__('It still does not work'), () => projects.refresh())}
    >
      {trans.__('Try again')}
    </Button>
  );
  const settings = openSettings && (
    <Button icon={settingsIcon} onClick={openSettings}>
      {trans.__('Open the settings')}
    </Button>
  );
  if (connection === 'loading') {
    return (
      <Notice
        icon={clockIcon}
        title={trans.__('Starting…')}
        text={trans.__('Reading what was synced before, and asking the cloud who you are.')}
      />
    );
  }
  if (cloudUrl === '') {
    return (
      <Notice
        icon={cloudOffIcon}
        title={trans.__('No cloud is set')}
        text={trans.__(
          'Projects are synced with a cloud, and this JupyterLab does not know which. Set its address as “Cloud address” in the settings of Projects.'
        )}
      >
        {settings}
      </Notice>
    );
  }
  switch (connection) {
    case 'signed-out':
      return <SignInForm reason={connectionMessage} />;
    case 'offline':
      return (
        <Notice
          icon={cloudOffIcon}
          title={trans.__('The cloud does not answer')}
          text={[
            connectionMessage,
            trans.__(
              'You can go on working: your files are in their folders as always, and are synced when the cloud answers again.'
            )
          ]
            .filter(Boolean)
            .join(' ')}
        >
          {retry}
        </Notice>
      );
    case 'error':
      return (
        <Notice
          bad
          icon={errorIcon}
          title={trans.__('Projects can’t work at the moment')}
          text={connectionMessage}
        >
          {retry}
          {settings}
        </Notice>
      );
    case 'online':
      return null;
  }
}

/** All projects; where there are none, what to do about it, unless the first steps tell it. */
function Projects() {
  const { projects, selection, trans, run } = useUi();
  if (projects.projects.length > 0) {
    return <ProjectList />;
  }
  return projects.connection === 'online' &&
    projects.cloudUrl !== '' &&
    !isFirstRun(projects, selection) ? (
    <Notice
      icon={folderIcon}
      title={trans.__('No projects yet')}
      text={trans.__(
        'Turn a folder into a project: its files go to the cloud and are kept in sync from then on. Projects that others share with you appear here too.'
      )}
    >
      <Button primary onClick={() => run('projects:create')}>
        {trans.__('Turn a folder into a project…')}
      </Button>
      <Button onClick={() => selection.skipSetup(false)}>{trans.__('Show the first steps')}</Button>
    </Notice>
  ) : null;
}
