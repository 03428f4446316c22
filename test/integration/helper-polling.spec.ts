import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import { pythonOf } from '../support/jupyter-server';

/** What the helper does where the system tells of no changes: prints the paths that each step led to. */
const SCRIPT = `
import json, os, sys, tempfile
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from program import polling, watching

base = tempfile.mkdtemp()
os.makedirs(base + "/kept/sub")
told = []

def tell(key, path):
    told.append(path)

polls = polling.Polling(tell)
state = [watching.Tree(base + "/kept", {"excludes": ["noise"]}), None]
polls._look("kept", state)

def step(change):
    told.clear()
    change()
    polls._look("kept", state)
    print(json.dumps(sorted(told)))

def write(path, text):
    with open(base + "/kept/" + path, "w") as target:
        target.write(text)

step(lambda: write("sub/a.txt", "1"))
step(lambda: write("sub/a.txt", "longer"))
step(lambda: os.mkdir(base + "/kept/new"))
step(lambda: os.rename(base + "/kept/sub", base + "/kept/moved"))
step(lambda: os.unlink(base + "/kept/moved/a.txt"))
step(lambda: [write(".hidden", "1"), os.mkdir(base + "/kept/noise"), write("noise/x", "1")])
step(lambda: None)
`;

describe('a helper that must poll', () => {
  it('should tell of what is made, edited, moved and removed, and of nothing else', async () => {
    const folder = resolve(import.meta.dirname, '..', '..', 'src', 'local', 'helper');
    const { stdout } = await promisify(execFile)(pythonOf(), ['-c', SCRIPT, folder]);
    const steps: unknown[] = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown);
    expect(steps).toEqual([
      ['sub/a.txt'],
      ['sub/a.txt'],
      ['new'],
      ['moved', 'moved/a.txt', 'sub', 'sub/a.txt'],
      ['moved/a.txt'],
      [],
      []
    ]);
  });
});
