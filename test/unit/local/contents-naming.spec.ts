import { ContentsReplica } from '../../../src/local/contents-replica';
import { PlainJupyter } from '../../support/plain-jupyter';

const QUESTION = { case: { listed: 'D', other: 'd' } };

let jupyter: PlainJupyter;

const asked = () =>
  new ContentsReplica({
    contents: jupyter.contents,
    serverSettings: jupyter.settings,
    root: 'p'
  }).naming(QUESTION, { signal: new AbortController().signal });

beforeEach(() => {
  jupyter = new PlainJupyter();
  jupyter.write('p/D', 'here');
});

it('should learn that names are held apart where the other spelling is not there', async () => {
  expect(await asked()).toMatchObject({ case: false });
});

it('should learn nothing where what was listed went before it was asked for', async () => {
  jupyter.before = request => {
    if (request.includes('api/contents/p/d')) {
      jupyter.remove('p/D');
    }
  };
  expect(await asked()).toMatchObject({ case: null });
});

it('should learn nothing where somebody made the other just now', async () => {
  jupyter.write('p/d', 'another file');
  expect(await asked()).toMatchObject({ case: null });
});

it('should learn nothing where what was listed was away just while it was asked for', async () => {
  let times = 0;
  jupyter.before = request => {
    if (request.includes('api/contents/p/d?')) {
      times += 1;
      if (times === 2) {
        jupyter.write('p/d', 'what a disk that takes the two for one finds now');
      }
    }
  };
  expect(await asked()).toMatchObject({ case: null });
  expect(times).toBe(2);
});
