import { jest } from '@jest/globals';
import type { KernelMessage } from '@jupyterlab/services';
import type { JSONObject, JSONValue } from '@lumino/coreutils';

import { HelperChannel } from '../../../../src/local/helper/channel';
import type { Hints } from '../../../../src/local/helper/channel';

/** A comm whose other end is the test. */
class FakeComm implements HelperChannel.IComm {
  readonly commId = 'comm-comm';
  readonly sent: JSONObject[] = [];
  readonly buffers: ArrayBuffer[][] = [];
  isClosed = false;
  onMsg: HelperChannel.IComm['onMsg'] = () => undefined;
  onClose: HelperChannel.IComm['onClose'] = () => undefined;

  open(data?: JSONValue): void {
    this.sent.push(data as JSONObject);
  }

  send(data: JSONValue, _?: JSONObject, buffers: ArrayBuffer[] = []): void {
    this.sent.push(data as JSONObject);
    this.buffers.push(buffers);
  }

  close(): void {
    this.isClosed = true;
  }

  receive(data: JSONObject): void {
    void this.onMsg({ content: { data } } as KernelMessage.ICommMsgMsg);
  }

  /** What was sent, but for the messages that only make the reply come sooner. */
  get requests(): JSONObject[] {
    return this.sent.filter(({ op }) => op !== 'nudge');
  }
}

let comm: FakeComm;
let channel: HelperChannel;

beforeEach(async () => {
  jest.useFakeTimers();
  comm = new FakeComm();
  channel = new HelperChannel({ createComm: () => comm }, 'target', { silence: 1000 });
  const opened = channel.open();
  comm.receive({ id: comm.sent[0]!.id!, count: 0, result: { own: 'first' } });
  await opened;
  comm.sent.splice(0);
});

afterEach(() => {
  channel.dispose();
  jest.useRealTimers();
});

/** A request that was sent, and its id. */
async function ask(op = 'scan'): Promise<{ reply: Promise<unknown>; id: string }> {
  const reply = channel.request(op, {}).then(
    ({ result }) => result,
    (error: unknown) => error
  );
  await Promise.resolve();
  return { reply, id: comm.requests.at(-1)!.id as string };
}

describe('HelperChannel', () => {
  it('should give the reply of the same id', async () => {
    const [first, second] = [await ask(), await ask()];
    comm.receive({ id: second.id, count: 0, result: 2 });
    comm.receive({ id: first.id, count: 0, result: 1 });
    expect([await first.reply, await second.reply]).toEqual([1, 2]);
  });

  it('should send a second message soon after a request, so that the reply does not wait', async () => {
    await ask();
    expect(comm.sent.map(({ op }) => op)).toEqual(['scan']);
    jest.advanceTimersByTime(8);
    expect(comm.sent.map(({ op }) => op)).toEqual(['scan', 'nudge']);
  });

  it('should ask what became of a request, and send it again when it never came', async () => {
    const { reply, id } = await ask();
    jest.advanceTimersByTime(1000);
    expect(comm.requests.at(-1)).toEqual({ op: 'ask', of: id });
    comm.receive({ id, count: 0, state: 'unknown' });
    expect(comm.requests.at(-1)).toMatchObject({ op: 'scan', id });
    comm.receive({ id, count: 0, result: 'done' });
    expect(await reply).toBe('done');
  });

  it('should wait for as long as it is worked on', async () => {
    const { reply, id } = await ask();
    for (let count = 0; count < 20; count += 1) {
      jest.advanceTimersByTime(1000);
      comm.receive({ id, count: 0, state: 'working' });
    }
    expect(comm.requests.filter(({ op }) => op === 'scan').length).toBe(1);
    comm.receive({ id, count: 0, result: 'done' });
    expect(await reply).toBe('done');
  });

  it('should be lost when nobody answers, once', async () => {
    const lost: unknown[] = [];
    channel.lost.connect((_, error) => lost.push(error.reason));
    const [first, second] = [await ask(), await ask()];
    jest.advanceTimersByTime(10_000);
    expect(await first.reply).toMatchObject({ reason: 'lost' });
    expect(await second.reply).toMatchObject({ reason: 'lost' });
    expect(lost).toEqual(['lost']);
    await expect(channel.request('scan')).rejects.toMatchObject({ reason: 'lost' });
  });

  it('should hear a reply that comes twice once', async () => {
    const { reply, id } = await ask();
    comm.receive({ id, count: 0, result: 1 });
    comm.receive({ id, count: 0, result: 2 });
    expect(await reply).toBe(1);
  });

  it('should tell of hints, and of hints that were lost', () => {
    const told: (Hints | null)[] = [];
    channel.hints.connect((_, hints) => told.push(hints));
    comm.receive({ count: 1, hints: { root: ['a'] } });
    comm.receive({ count: 1, hints: { root: ['a'] } });
    comm.receive({ count: 3, hints: { root: ['c'] } });
    comm.receive({ id: 'other', count: 5, result: null });
    expect(told).toEqual([new Map([['root', ['a']]]), null, null]);
  });

  it('should say now and then that somebody hears the hints', () => {
    for (let count = 1; count <= 12; count += 1) {
      comm.receive({ count, hints: { root: null } });
    }
    expect(comm.sent).toEqual([{ op: 'ack' }]);
  });

  it('should reject with the reason of an aborted signal, and tell the program', async () => {
    const controller = new AbortController();
    const reply = channel.request('hash', {}, { signal: controller.signal });
    await Promise.resolve();
    const { id } = comm.requests.at(-1)!;
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(reply).rejects.toBe(reason);
    expect(comm.requests.at(-1)).toEqual({ op: 'cancel', of: id });
  });

  it("should reject with the program's code", async () => {
    const { reply, id } = await ask();
    comm.receive({ id, count: 0, error: 'root-missing', message: 'no root' });
    expect(await reply).toMatchObject({ name: 'HelperError', reason: 'root-missing' });
  });

  it('should send whole buffers, whatever they were cut from', async () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    const request = channel.request('apply', {}, { buffers: [bytes] });
    await Promise.resolve();
    comm.receive({ id: comm.requests.at(-1)!.id!, count: 0, result: null });
    await request;
    expect([...new Uint8Array(comm.buffers.at(-1)![0]!)]).toEqual([2, 3]);
  });

  it('should close the comm when it is disposed, and reject what is under way', async () => {
    const { reply } = await ask();
    channel.dispose();
    channel.dispose();
    expect(comm.isClosed).toBe(true);
    expect(await reply).toMatchObject({ reason: 'off' });
  });
});
