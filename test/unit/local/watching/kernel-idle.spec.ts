import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { KernelIdle } from '../../../../src/local/watching/kernel-idle';

class FakeConnection {
  constructor(
    readonly id: string,
    readonly handleComms: boolean | undefined
  ) {}

  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }
}

class FakeKernels {
  models: Kernel.IModel[] = [];
  readonly connections: FakeConnection[] = [];
  readonly runningChanged = new Signal<this, Kernel.IModel[]>(this);

  running = () => this.models[Symbol.iterator]();

  connectTo = ({ model, handleComms }: Kernel.IKernelConnection.IOptions) => {
    const connection = new FakeConnection(model.id, handleComms);
    this.connections.push(connection);
    return connection;
  };

  become(...ids: string[]): void {
    this.models = ids.map(id => ({ id, name: 'python3' }));
    this.runningChanged.emit(this.models);
  }
}

let kernels: FakeKernels;
let idle: KernelIdle;
let told: string[];

const connectionTo = (id: string): FakeConnection => {
  const found = kernels.connections.findLast(each => each.id === id);
  if (!found) {
    throw new Error(`Nobody connected to ${id}.`);
  }
  return found;
};

beforeEach(() => {
  kernels = new FakeKernels();
  told = [];
  // The part of a kernel manager that is used.
  idle = new KernelIdle({ kernels: kernels as never, isOurs: id => id === 'helper' });
  idle.idle.connect((_, id) => told.push(id));
});

it('should tell of each kernel that finished work, whenever it came', () => {
  kernels.become('first');
  idle.start();
  connectionTo('first').statusChanged.emit('busy');
  expect(told).toEqual([]);
  connectionTo('first').statusChanged.emit('idle');
  connectionTo('first').statusChanged.emit('idle');
  kernels.become('first', 'second');
  connectionTo('second').statusChanged.emit('busy');
  connectionTo('second').statusChanged.emit('idle');
  expect(told).toEqual(['first', 'second']);
  expect(kernels.connections).toHaveLength(2);
});

it('should leave the comms to whoever uses the kernel, and its own kernel alone', () => {
  kernels.become('first', 'helper');
  idle.start();
  expect(kernels.connections.map(({ id, handleComms }) => [id, handleComms])).toEqual([
    ['first', false]
  ]);
});

it('should let go of kernels that ended, and of all when stopped', () => {
  kernels.become('first', 'second');
  idle.start();
  kernels.become('second');
  expect(connectionTo('first').isDisposed).toBe(true);
  expect(connectionTo('second').isDisposed).toBe(false);
  idle.stop();
  expect(connectionTo('second').isDisposed).toBe(true);
  kernels.become('third');
  expect(kernels.connections).toHaveLength(2);
  idle.start();
  expect(connectionTo('third').isDisposed).toBe(false);
  idle.dispose();
  expect(connectionTo('third').isDisposed).toBe(true);
});
