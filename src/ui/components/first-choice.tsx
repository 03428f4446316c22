import { useId, useState } from 'react';

import { useAttempt } from '../hooks';
import { useUi } from '../ui-context';
import { Button } from './button';

/** The second step: a folder that becomes a project, or a project that comes here. Nothing happens yet. */
export function FirstChoice() {
  const { projects, person, selection, trans } = useUi();
  const { busy, start } = useAttempt();
  const id = useId();
  const there = projects.projects.filter(
    ({ localPath, role }) => localPath === null && role !== 'finder'
  );
  const [chosen, setChosen] = useState('');
  const projectId = there.find(each => each.id === chosen)?.id ?? there[0]?.id;
  return (
    <>
      <p>
        {trans.__(
          'A project is a folder that is kept the same here and in the cloud. Nothing happens to any file in this step: you see what the first sync would do before it starts.'
        )}
      </p>
      <div className="jp-Projects-card jp-mod-plain">
        <h4>{trans.__('A folder that you have')}</h4>
        <p className="jp-Projects-quiet">
          {trans.__(
            'It becomes a project: its files are copied to the cloud, for you alone. The folder stays where it is.'
          )}
        </p>
        <Button
          primary
          disabled={busy}
          onClick={() =>
            start(trans.__('The folder could not be chosen'), async () => {
              const path = await person.askFolder(trans.__('Which folder becomes a project?'));
              if (path !== null) {
                selection.choose({ kind: 'create', path });
              }
            })
          }
        >
          {trans.__('Choose a folder…')}
        </Button>
      </div>
      {projectId !== undefined && (
        <div className="jp-Projects-card jp-mod-plain">
          <h4 id={id}>{trans.__('A project that is in the cloud')}</h4>
          <p className="jp-Projects-quiet">
            {trans.__(
              'Its files are copied to a new folder of this server. What is here already stays as it is.'
            )}
          </p>
          <select
            className="jp-mod-styled"
            aria-labelledby={id}
            value={projectId}
            onChange={event => setChosen(event.target.value)}
          >
            {there.map(({ id: value, title, owner, role }) => (
              <option key={value} value={value}>
                {role === 'owner' ? title : trans.__('%1 (of %2)', title, owner)}
              </option>
            ))}
          </select>
          <Button onClick={() => selection.choose({ kind: 'open', projectId })}>
            {trans.__('Choose this project')}
          </Button>
        </div>
      )}
    </>
  );
}
