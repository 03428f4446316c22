import type { IOutput } from '@jupyterlab/nbformat';
import { OutputModel } from '@jupyterlab/rendermime';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { useLayoutEffect, useRef } from 'react';

import type { JsonObject } from '../../sync/merge/json';
import { printJson } from '../../sync/merge/json';
import { useReview } from './review-context';

/** What running a cell left, rendered as what is not trusted: nothing in it runs. */
export function OutputList({ cell }: { cell: JsonObject }) {
  const { rendermime } = useReview();
  const host = useRef<HTMLDivElement>(null);
  // A widget must go while its node is in the page still.
  useLayoutEffect(() => {
    const node = host.current;
    if (!node || !rendermime) {
      return;
    }
    const made = outputsOf(cell).map(output => rendered(rendermime, output, node));
    return () => made.forEach(each => each.dispose());
  }, [cell, rendermime]);
  return <div ref={host} className="jp-Projects-outputs" />;
}

export function outputsOf(cell: JsonObject): IOutput[] {
  const outputs = cell.members.get('outputs');
  return outputs ? (JSON.parse(printJson(outputs)) as IOutput[]) : [];
}

function rendered(rendermime: IRenderMimeRegistry, value: IOutput, host: HTMLElement) {
  const model = new OutputModel({ value, trusted: false });
  const mimeType = rendermime.preferredMimeType(model.data, 'ensure');
  if (mimeType === undefined) {
    const text = new Widget();
    text.node.textContent = Object.keys(model.data).join(', ');
    Widget.attach(text, host);
    return text;
  }
  const renderer = rendermime.createRenderer(mimeType);
  renderer.addClass('jp-Projects-output');
  Widget.attach(renderer, host);
  renderer.renderModel(model).catch((error: unknown) => {
    renderer.node.textContent = String(error);
  });
  return renderer;
}
