import { Credentials } from '../../../src/cloud/credentials';

const CLOUD = 'https://cloud.example/api/projects';

class MapStorage implements Credentials.Keep {
  readonly map = new Map<string, string>();
  broken = false;

  getItem(key: string): string | null {
    this.#check();
    return this.map.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    this.map.set(key, value);
  }

  removeItem(key: string): void {
    this.#check();
    this.map.delete(key);
  }

  #check(): void {
    if (this.broken) {
      throw new DOMException('blocked', 'SecurityError');
    }
  }
}

class Events implements Credentials.Events {
  readonly listeners = new Set<(event: StorageEvent) => void>();

  addEventListener(_: 'storage', listener: (event: StorageEvent) => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: 'storage', listener: (event: StorageEvent) => void): void {
    this.listeners.delete(listener);
  }

  fire(key: string | null): void {
    const event = Object.assign(new Event('storage'), { key }) as StorageEvent;
    this.listeners.forEach(listener => listener(event));
  }
}

function make(jupyterUrl = 'http://lab.example/', storage: MapStorage | null = new MapStorage()) {
  const events = new Events();
  const credentials = new Credentials({ jupyterUrl, storage, events });
  const changes: string[] = [];
  credentials.changed.connect((_, url) => void changes.push(url));
  return { credentials, storage, events, changes };
}

describe('Credentials', () => {
  it('should keep a key until it is removed, and tell both', () => {
    const { credentials, changes } = make();
    expect(credentials.get(CLOUD)).toBeNull();
    credentials.set(CLOUD, 'key-1');
    expect(credentials.get(CLOUD)).toBe('key-1');
    credentials.remove(CLOUD);
    expect(credentials.get(CLOUD)).toBeNull();
    expect(changes).toEqual([CLOUD, CLOUD]);
  });

  it('should leave nothing in the storage after the removal', () => {
    const { credentials, storage } = make();
    credentials.set(CLOUD, 'key-1');
    expect([...storage!.map.values()]).toEqual(['key-1']);
    credentials.remove(CLOUD);
    expect(storage!.map.size).toBe(0);
  });

  it('should take a cloud with and without a closing slash for one', () => {
    const { credentials } = make();
    credentials.set(`${CLOUD}/`, 'key-1');
    expect(credentials.get(CLOUD)).toBe('key-1');
  });

  it('should keep clouds apart, and Jupyter servers', () => {
    const { credentials, storage } = make();
    credentials.set(CLOUD, 'key-1');
    expect(credentials.get('https://other.example/api/projects')).toBeNull();
    const other = make('http://lab.example/user/bob/', storage);
    expect(other.credentials.get(CLOUD)).toBeNull();
    const same = make('http://lab.example', storage);
    expect(same.credentials.get(CLOUD)).toBe('key-1');
  });

  it('should tell when another tab signs in or out', () => {
    const { credentials, storage, events, changes } = make();
    credentials.set(CLOUD, 'key-1');
    const [name] = [...storage!.map.keys()];
    storage!.map.clear();
    events.fire(name!);
    expect(changes).toEqual([CLOUD, CLOUD]);
    expect(credentials.get(CLOUD)).toBeNull();
    events.fire('somebody-elses-key');
    expect(changes).toHaveLength(2);
    events.fire(null);
    expect(changes).toEqual([CLOUD, CLOUD, '']);
  });

  it('should keep keys in memory where the browser has no storage', () => {
    const { credentials } = make(undefined, null);
    credentials.set(CLOUD, 'key-1');
    expect(credentials.get(CLOUD)).toBe('key-1');
    credentials.remove(CLOUD);
    expect(credentials.get(CLOUD)).toBeNull();
  });

  it('should keep keys in memory where the storage throws', () => {
    const { credentials, storage } = make();
    storage!.broken = true;
    expect(credentials.get(CLOUD)).toBeNull();
    credentials.set(CLOUD, 'key-1');
    expect(credentials.get(CLOUD)).toBe('key-1');
    expect(storage!.map.size).toBe(0);
  });

  it('should not bring a key back that a throwing storage could not remove', () => {
    const { credentials, storage } = make();
    credentials.set(CLOUD, 'key-1');
    storage!.broken = true;
    credentials.remove(CLOUD);
    storage!.broken = false;
    expect(credentials.get(CLOUD)).toBeNull();
  });

  it('should believe the storage again once another tab wrote to it', () => {
    const { credentials, storage, events } = make();
    storage!.broken = true;
    credentials.set(CLOUD, 'key-1');
    storage!.broken = false;
    make(undefined, storage).credentials.set(CLOUD, 'key-2');
    events.fire([...storage!.map.keys()][0]!);
    expect(credentials.get(CLOUD)).toBe('key-2');
  });

  it('should listen no more after its disposal, which is safe twice', () => {
    const { credentials, events } = make();
    credentials.dispose();
    credentials.dispose();
    expect(credentials.isDisposed).toBe(true);
    expect(events.listeners.size).toBe(0);
  });

  it('should work where there is neither a window nor a localStorage', () => {
    const credentials = new Credentials({ jupyterUrl: 'http://lab.example/', storage: null });
    credentials.set(CLOUD, 'key-1');
    expect(credentials.get(CLOUD)).toBe('key-1');
    credentials.dispose();
  });
});
