import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import { pythonOf } from '../support/jupyter-server';

/** What the helper does where the system tells of no changes: prints the paths that each step led to. */
const POLLING = `
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

/** Two pages, of which one answers no hints: prints what each was sent, and what it gets for its next request. */
const SILENCE = `
import json, os, queue, sys, tempfile
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from program import service

base = tempfile.mkdtemp()
os.makedirs(base + "/state")
os.makedirs(base + "/kept")
os.chdir(base)
with open("state/proof.txt", "w") as target:
    target.write("nonce")

class Comm:
    def __init__(self, name):
        self.comm_id = name
        self.replies = queue.Queue()
        self.hints = 0
    def on_msg(self, receive):
        self.receive = receive
    def on_close(self, closed):
        pass
    def send(self, data, buffers=None):
        if "hints" in data:
            self.hints += 1
        else:
            self.replies.put(data)
    def post(self, **data):
        self.receive({"content": {"data": data}, "buffers": []})
    def ask(self, **data):
        self.post(id=str(data), **data)
        return self.replies.get(timeout=10)

helper = service.Service("version", "kernel")
pages = [Comm("answers"), Comm("silent")]
for page in pages:
    helper.open(page, {"content": {"data": {"op": "hello", "id": "hello"}}})
    page.replies.get(timeout=10)
    page.ask(op="prove", args={"path": "state/proof.txt", "content": "nonce"})
    page.ask(op="roots", args={"roots": {"kept": {}}})
for number in range(100):
    helper._hint({"kept": ["a"]})
    if number % 12 == 0:
        pages[0].post(op="ack")
for page in pages:
    reply = page.ask(op="root", args={"root": "kept"})
    print(json.dumps([page.hints, reply.get("error"), reply.get("result")]))
`;

async function linesOf(script: string): Promise<unknown[]> {
  const folder = resolve(import.meta.dirname, '..', '..', 'src', 'local', 'helper');
  const { stdout } = await promisify(execFile)(pythonOf(), ['-c', script, folder]);
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown);
}

describe('the helper program', () => {
  it('should tell of what is made, edited, moved and removed where it must poll, and of nothing else', async () => {
    expect(await linesOf(POLLING)).toEqual([
      ['sub/a.txt'],
      ['sub/a.txt'],
      ['new'],
      ['moved', 'moved/a.txt', 'sub', 'sub/a.txt'],
      ['moved/a.txt'],
      [],
      []
    ]);
  });

  it('should send nothing more to a page that hears no hints, and tell it so when it asks', async () => {
    expect(await linesOf(SILENCE)).toEqual([
      [100, null, { state: 'present' }],
      [40, 'expired', null]
    ]);
  });
});
