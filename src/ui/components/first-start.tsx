import { useAttempt } from '../hooks';
import type { Setup } from '../selection';
import { useUi } from '../ui-context';
import { useFirstPreview } from '../use-first-preview';
import { Button } from './button';
import { PreviewReport } from './preview-report';

export interface FirstStartProps {
  readonly setup: Setup;
  /** Its buttons go: the keyboard needs another place. */
  readonly onBegin: () => void;
}

/** The third step: what the first sync would do, file by file; then it may start. */
export function FirstStart({ setup, onBegin }: FirstStartProps) {
  const { projects, selection, trans } = useUi();
  const { busy, start } = useAttempt();
  const { preview, error, look } = useFirstPreview(setup);
  const project =
    setup.kind === 'open' ? projects.projects.find(({ id }) => id === setup.projectId) : undefined;
  const title =
    setup.kind === 'create' ? (setup.path.split('/').at(-1) ?? setup.path) : (project?.title ?? '');
  const begin = (): void => {
    onBegin();
    start(trans.__('“%1” could not be synced', title), async () => {
      if (setup.kind === 'open') {
        selection.select(setup.projectId);
      }
      const report = await (setup.kind === 'create'
        ? projects.create(setup.path)
        : projects.open(setup.projectId, preview?.path));
      selection.choose(null);
      selection.select(report.projectId);
    });
  };
  return (
    <>
      {!preview && !error && (
        <p role="status">{trans.__('Looking at both sides. Nothing is changed by that…')}</p>
      )}
      {error && (
        <p className="jp-Projects-error" role="alert">
          {error}
        </p>
      )}
      {preview && (
        <>
          <p>
            {setup.kind === 'create'
              ? trans.__(
                  'The folder “%1” becomes the project “%2”, which only you see. Its files are copied to the cloud; from then on both are kept the same, deletions too.',
                  preview.path,
                  title
                )
              : trans.__(
                  'The project “%2” comes to the folder “%1”. Its files are copied here; from then on both are kept the same, deletions too.',
                  preview.path,
                  title
                )}
          </p>
          <PreviewReport report={preview.report} title={title} />
        </>
      )}
      <div className="jp-Projects-buttons">
        <Button primary disabled={busy || !preview} onClick={begin}>
          {busy ? trans.__('Starting…') : trans.__('Start the first sync')}
        </Button>
        <Button disabled={busy} onClick={() => selection.choose(null)}>
          {trans.__('Back')}
        </Button>
        {(preview || error) && (
          <Button disabled={busy} onClick={look}>
            {trans.__('Look again')}
          </Button>
        )}
      </div>
    </>
  );
}
