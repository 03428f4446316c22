import { Lease } from '../../../src/model/lease';
import type { LeaseRecord } from '../../../src/model/lease-file';
import { LeaseHold, LeaseLostError } from '../../../src/model/lease-hold';
import { MemoryStorage } from '../../support/memory-storage';
import { VirtualClock } from '../../support/virtual-clock';

const TTL = 24_000;

describe('Lease', () => {
  let clock: VirtualClock;
  let storage: MemoryStorage;
  let leases: Lease[];
  let errors: unknown[];

  beforeEach(() => {
    clock = new VirtualClock();
    storage = new MemoryStorage();
    leases = [];
    errors = [];
  });

  afterEach(() => leases.forEach(lease => lease.dispose()));

  const page = (name: string, browser: string | null = null, its = clock): Lease => {
    const onError = (error: unknown) => errors.push(error);
    const lease = new Lease({ storage, page: name, browser, clock: its, onError });
    leases.push(lease);
    return lease;
  };
  const written = () =>
    JSON.parse(new TextDecoder().decode(storage.files.get('lease.json'))) as LeaseRecord;
  /** What comes of the promise while a second goes by. */
  const soon = async <T>(promise: Promise<T>): Promise<T> => {
    // The caller has the outcome, if it is a rejection too.
    promise.catch(() => undefined);
    await clock.advance(1500);
    return promise;
  };
  const take = async (lease: Lease, isTurn = true): Promise<LeaseHold> => {
    const taken = await soon(lease.tryTake({ isTurn }));
    if (taken instanceof LeaseHold) {
      return taken;
    }
    throw new Error('another has it');
  };

  it('should be one browser’s until it gives it back, and then the next one’s', async () => {
    const [one, other] = [page('one'), page('other')];
    const hold = await take(one);
    expect(await soon(other.tryTake({ isTurn: true }))).toMatchObject({ owner: 'one' });
    expect(other.isHeld).toBe(false);
    const waits: (LeaseRecord | null)[] = [];
    const waiting = other.take({ isTurn: true, onWait: each => waits.push(each) });
    await clock.advance(5000);
    expect(waits.length).toBeGreaterThanOrEqual(3);
    await hold.release();
    expect(written()).toMatchObject({ owner: null, page: 'one', projectId: null, progress: null });
    const second = await soon(waiting);
    expect(written().owner).toBe('other');
    await second.release();
    expect(written().owner).toBeNull();
  });

  it('should go to one of many that take it at the same moment', async () => {
    const pages = ['a', 'b', 'c', 'd'].map(name => page(name));
    let holders = 0;
    let turns = 0;
    const worked = pages.map(async lease => {
      for (let turn = 0; turn < 5; turn++) {
        const hold = await lease.take({ isTurn: true });
        holders += 1;
        expect(holders).toBe(1);
        await clock.sleep(50);
        holders -= 1;
        turns += 1;
        await hold.release();
      }
    });
    let done = false;
    const all = Promise.all(worked).finally(() => (done = true));
    while (!done) {
      await clock.advance(1000);
    }
    await all;
    expect(turns).toBe(20);
  });

  it('should be renewed while it is held, for however long', async () => {
    const hold = await take(page('one'));
    hold.tell('thesis', { filesDone: 1, filesTotal: 2, bytesDone: 3, bytesTotal: 4 });
    const waits: (LeaseRecord | null)[] = [];
    const controller = new AbortController();
    const waiting = page('other').take({
      isTurn: true,
      signal: controller.signal,
      onWait: each => waits.push(each)
    });
    await clock.advance(10 * TTL);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(hold.signal.aborted).toBe(false);
    expect(waits.at(-1)).toMatchObject({ projectId: 'thesis', progress: { filesDone: 1 } });
  });

  it('should be taken over from a page that died, when it was seen unchanged for its time', async () => {
    const dead = new VirtualClock();
    const gone = page('gone', null, dead).tryTake({ isTurn: true });
    await dead.advance(1500);
    await gone;
    const other = page('other');
    let holds = false;
    const waiting = other.take({ isTurn: true }).then(hold => {
      holds = true;
      return hold;
    });
    await clock.advance(TTL - 1500);
    expect(holds).toBe(false);
    await clock.advance(5000);
    expect(holds).toBe(true);
    await (await waiting).release();
  });

  it('should be lost by a page that slept too long, which is told before it writes', async () => {
    const hidden = new VirtualClock();
    const taking = page('hidden', null, hidden).tryTake({ isTurn: true });
    await hidden.advance(500);
    const hold = (await taking) as LeaseHold;
    const waiting = page('other').take({ isTurn: true });
    await clock.advance(TTL + 3000);
    await waiting;
    hidden.suspend(TTL);
    const check = hold.check();
    check.catch(() => undefined);
    await hidden.advance(0);
    await expect(check).rejects.toThrow(LeaseLostError);
    expect(hold.signal.aborted).toBe(true);
    await hold.release();
    expect(written().owner).toBe('other');
  });

  it('should be renewed before a write where the timers of a hidden page did not', async () => {
    const hidden = new VirtualClock();
    const taking = page('hidden', null, hidden).tryTake({ isTurn: true });
    await hidden.advance(500);
    const hold = (await taking) as LeaseHold;
    const before = written().sequence;
    await hold.check();
    expect(written().sequence).toBe(before);
    hidden.suspend(TTL / 2);
    await hold.check();
    expect(written()).toMatchObject({ owner: 'hidden', sequence: before + 1 });
  });

  it('should be renewed as bytes move, too', async () => {
    const hidden = new VirtualClock();
    const taking = page('hidden', null, hidden).tryTake({ isTurn: true });
    await hidden.advance(500);
    const hold = (await taking) as LeaseHold;
    const before = written().sequence;
    hidden.suspend(TTL / 2);
    hold.tell('thesis', { filesDone: 1, filesTotal: 2, bytesDone: 3, bytesTotal: 4 });
    await hidden.advance(0);
    expect(written()).toMatchObject({ sequence: before + 1, progress: { filesDone: 1 } });
  });

  it('should be given back with the last of a page’s holds', async () => {
    const one = page('one');
    const [first, second] = [await take(one), await take(one)];
    await first.release();
    await first.release();
    expect(written().owner).toBe('one');
    await second.release();
    expect(written().owner).toBeNull();
  });

  it('should pass at once from a page that died to the next page of its browser that has the turn', async () => {
    const dead = new VirtualClock();
    const gone = page('gone', 'firefox', dead).tryTake({ isTurn: true });
    await dead.advance(500);
    const lost = (await gone) as LeaseHold;
    const next = page('next', 'firefox');
    const hold = await take(next);
    expect(written()).toMatchObject({ owner: 'firefox', page: 'next' });
    await lost.release();
    expect(written().owner).toBe('firefox');
    await hold.release();
    expect(written().owner).toBeNull();
  });

  it('should be shared, and left, by a page that only saves while another page of its browser has the turn', async () => {
    const hold = await take(page('one', 'firefox'));
    const { sequence } = written();
    const shared = await take(page('saves', 'firefox'), false);
    await shared.check();
    await shared.release();
    expect(written()).toMatchObject({ owner: 'firefox', page: 'one', sequence });
    await hold.release();
  });

  it('should tell whether another page had it since', async () => {
    const [one, other] = [page('one'), page('other')];
    await (await take(one)).release();
    expect(one.hadOthers).toBe(true);
    one.caughtUp();
    await (await take(one)).release();
    expect(one.hadOthers).toBe(false);
    await (await take(other)).release();
    await (await take(one)).release();
    expect(one.hadOthers).toBe(true);
  });

  it('should not take for free what is only half written, but wait', async () => {
    storage.files.set('lease.json', new TextEncoder().encode('{"owner":"o'));
    const one = page('one');
    expect(await soon(one.tryTake({ isTurn: true }))).toBeNull();
    await clock.advance(TTL);
    expect(await soon(one.tryTake({ isTurn: true }))).toBeInstanceOf(LeaseHold);
  });

  it('should say that it could not be written, and why', async () => {
    storage.plan.push('refuse');
    await expect(soon(page('one').tryTake({ isTurn: true }))).rejects.toMatchObject({
      code: 'not-saved',
      message: expect.stringMatching(/lease\.json.*no space left/) as string
    });
  });

  it('should be given back by one who stops waiting while it settles', async () => {
    const controller = new AbortController();
    const taking = page('one').tryTake({ isTurn: true, signal: controller.signal });
    await clock.advance(10);
    controller.abort(new Error('cancelled'));
    await expect(taking).rejects.toThrow('cancelled');
    expect(written().owner).toBeNull();
  });

  it('should outlive renewals that fail for a moment, and be lost with ones that fail for its time', async () => {
    const hold = await take(page('one'));
    storage.unreadable.add('lease.json');
    await clock.advance(TTL / 2);
    expect(errors.length).toBeGreaterThan(0);
    expect(hold.signal.aborted).toBe(false);
    await clock.advance(TTL);
    expect(hold.signal.aborted).toBe(true);
  });

  describe('eager', () => {
    const eagerly = async (lease: Lease): Promise<LeaseHold> => {
      let taken: unknown = null;
      void lease.tryTake({ isTurn: true, isEager: true }).then(value => (taken = value));
      await clock.advance(0);
      if (taken instanceof LeaseHold) {
        return taken;
      }
      throw new Error('it was not had at once');
    };

    it('should be had at once by the page that gave it back, and settle beside its work', async () => {
      const one = page('one');
      await (await take(one)).release();
      const hold = await eagerly(one);
      expect(hold).toBeInstanceOf(LeaseHold);
      let isSettled = false;
      const settled = hold.settled().then(() => (isSettled = true));
      await clock.advance(99);
      expect(isSettled).toBe(false);
      await clock.advance(100);
      await settled;
      expect(written().owner).toBe('one');
      await hold.release();
      expect(written().owner).toBeNull();
    });

    it('should let nobody save before it has settled', async () => {
      const one = page('one');
      await (await take(one)).release();
      const hold = await eagerly(one);
      let saves: LeaseHold | null = null;
      const saving = one.take({ isTurn: false }).then(taken => (saves = taken));
      await clock.advance(99);
      expect(saves).toBeNull();
      await clock.advance(100);
      await (await saving).release();
      await hold.release();
    });

    it('should be lost when another wrote at the same moment', async () => {
      const one = page('one');
      await (await take(one)).release();
      const hold = await eagerly(one);
      const theirs = { ...written(), owner: 'other', page: 'other' };
      storage.files.set('lease.json', new TextEncoder().encode(JSON.stringify(theirs)));
      const settled = soon(hold.settled());
      await expect(settled).rejects.toBeInstanceOf(LeaseLostError);
      expect(hold.signal.aborted).toBe(true);
      expect(one.hadOthers).toBe(true);
      await hold.release();
      expect(written().owner).toBe('other');
    });

    it('should be lost when it can not be seen that nobody did', async () => {
      const one = page('one');
      await (await take(one)).release();
      const hold = await eagerly(one);
      storage.unreadable.add('lease.json');
      await expect(soon(hold.settled())).rejects.toBeInstanceOf(LeaseLostError);
      expect(errors).toHaveLength(1);
    });

    it('should wait until it has settled where nobody had it before, or somebody else', async () => {
      const [one, other] = [page('one'), page('other')];
      for (const lease of [one, other, one]) {
        const taking = lease.tryTake({ isTurn: true, isEager: true });
        let taken: unknown = null;
        void taking.then(value => (taken = value));
        await clock.advance(99);
        expect(taken).toBeNull();
        await clock.advance(100);
        const hold = await taking;
        expect(hold).toBeInstanceOf(LeaseHold);
        await (hold as LeaseHold).release();
      }
    });

    it('should be given back before it has settled, and not be told lost then', async () => {
      const one = page('one');
      await (await take(one)).release();
      one.caughtUp();
      await (await eagerly(one)).release();
      await clock.advance(1000);
      expect(written().owner).toBeNull();
      expect(one.hadOthers).toBe(false);
      expect(errors).toEqual([]);
    });
  });
});
