import { useSignal } from '../hooks';
import { useUi } from '../ui-context';
import { helperWords } from '../words';

/** How changes on this server are noticed; nothing where no folder is linked. */
export function HelperLine() {
  const { projects, trans } = useUi();
  useSignal(projects.helperChanged);
  const words = helperWords(projects.helper, trans);
  return words === '' ? null : <p className="jp-Projects-quiet jp-Projects-helper">{words}</p>;
}
