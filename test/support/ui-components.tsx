import { jest } from '@jest/globals';

/**
 * Stands in for JupyterLab's component library, which only loads in its own build: each icon becomes an element that
 * names it. Call it before the components are imported.
 */
export function mockUiComponents(): void {
  jest.unstable_mockModule('@jupyterlab/ui-components', () => {
    class LabIcon {
      constructor({ name }: { name: string }) {
        this.name = name;
        this.react = ({ className }) => <span className={className} data-icon={name} />;
      }
      readonly name: string;
      element({ className = '' }: { className?: string }): HTMLElement {
        const node = document.createElement('span');
        node.className = className;
        node.dataset['icon'] = this.name;
        return node;
      }
      readonly react: (props: { className?: string }) => React.ReactElement;
    }
    const names = [
      'addIcon',
      'caretDownIcon',
      'caretRightIcon',
      'checkIcon',
      'closeIcon',
      'errorIcon',
      'fileIcon',
      'folderIcon',
      'pauseIcon',
      'refreshIcon',
      'runIcon',
      'settingsIcon',
      'userIcon'
    ];
    const icons = Object.fromEntries(names.map(name => [name, new LabIcon({ name })]));
    return { LabIcon, ...icons };
  });
}
