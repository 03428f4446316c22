import { canBecomeProject } from '../../../src/ui/can-become-project';
import { project } from '../../support/fake-projects';

const projects = [
  project({ localPath: 'Projects/whales' }),
  project({ id: 'p2', localPath: null })
];

describe('canBecomeProject()', () => {
  it.each([
    ['analysis', true],
    ['Projects/whales 2', true],
    ['', false],
    ['Projects', false],
    ['Projects/whales', false],
    ['Projects/whales/data', false]
  ])('%j: %s', (path, can) => {
    expect(canBecomeProject(path, projects)).toBe(can);
  });
});
