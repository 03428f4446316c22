import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';

import type { MenuEntry } from './ui-context';

/** Shows the entries at a place of the page, in pixels; the keyboard goes back to where it was. */
export function showMenu(
  entries: readonly MenuEntry[],
  { x, y }: { readonly x: number; readonly y: number }
): void {
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  entries.forEach(({ label, isEnabled, run }, index) => {
    const command = `entry-${index}`;
    commands.addCommand(command, {
      label,
      isEnabled: () => isEnabled,
      execute: run,
      describedBy: { args: { type: 'object', properties: {} } }
    });
    menu.addItem({ command });
  });
  const before = document.activeElement;
  menu.aboutToClose.connect(() => {
    if (before instanceof HTMLElement) {
      before.focus();
    }
    // Not before it has run what was chosen.
    requestAnimationFrame(() => menu.dispose());
  });
  menu.open(x, y);
  menu.activeIndex = entries.findIndex(({ isEnabled }) => isEnabled);
}
