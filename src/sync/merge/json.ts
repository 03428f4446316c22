/**
 * JSON as it is written: numbers keep their digits, strings their escapes, objects the order of their keys. What a merge does not
 * touch is so written back byte for byte (`JSON.parse` makes 1.0 and 1 the same, rounds long integers, and sorts keys like "10").
 */
export type Json = JsonScalar | JsonArray | JsonObject;

/** A string, number, true, false or null. */
export interface JsonScalar {
  readonly kind: 'scalar';
  readonly text: string;
}

export interface JsonArray {
  readonly kind: 'array';
  readonly items: readonly Json[];
}

export interface JsonObject {
  readonly kind: 'object';
  readonly members: ReadonlyMap<string, Json>;
}

/** How deep arrays and objects may nest. */
const DEEPEST = 200;

/** Null for what is no JSON, nests too deep, or has an object with one key twice. */
export function readJson(text: string): Json | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return new Reader(text).read(0);
}

/** Each level on lines of its own, indented by `indent`, as Jupyter writes notebooks; on one line without spaces where it is empty. */
export function printJson(json: Json, indent = ''): string {
  return print(json, indent, indent === '' ? '' : '\n');
}

export function scalarOf(value: string | number | null): JsonScalar {
  return { kind: 'scalar', text: JSON.stringify(value) };
}

/** The string that it is; undefined where it is none. */
export function stringIn(json: Json | undefined): string | undefined {
  return isString(json) ? unquote(json.text) : undefined;
}

export function isString(json: Json | undefined): json is JsonScalar {
  return json?.kind === 'scalar' && json.text.startsWith('"');
}

/** Whether both say the same, whatever the escapes and the order of keys. Numbers are the same by their digits. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  return isEqual(a, b, false);
}

/** Whether both are written the same but for spaces. */
export function identical(a: Json | undefined, b: Json | undefined): boolean {
  return isEqual(a, b, true);
}

function isEqual(a: Json | undefined, b: Json | undefined, isStrict: boolean): boolean {
  if (a === b) {
    return true;
  }
  if (a?.kind === 'scalar' && b?.kind === 'scalar') {
    return a.text === b.text || (!isStrict && isEscaped(a, b) && stringIn(a) === stringIn(b));
  }
  if (a?.kind === 'array' && b?.kind === 'array') {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => isEqual(item, b.items[index], isStrict))
    );
  }
  if (a?.kind !== 'object' || b?.kind !== 'object' || a.members.size !== b.members.size) {
    return false;
  }
  const keys = b.members.keys();
  for (const [key, value] of a.members) {
    if (!isEqual(value, b.members.get(key), isStrict) || (isStrict && keys.next().value !== key)) {
      return false;
    }
  }
  return true;
}

function isEscaped(a: JsonScalar, b: JsonScalar): boolean {
  return [a, b].every(isString) && [a, b].some(({ text }) => text.includes('\\'));
}

/** `newline` begins a line as deep as the value itself. */
function print(json: Json, indent: string, newline: string): string {
  if (json.kind === 'scalar') {
    return json.text;
  }
  const inner = newline + indent;
  const colon = indent === '' ? ':' : ': ';
  const [open, close] = json.kind === 'array' ? '[]' : '{}';
  const parts =
    json.kind === 'array'
      ? json.items.map(item => print(item, indent, inner))
      : Array.from(
          json.members,
          ([key, value]) => JSON.stringify(key) + colon + print(value, indent, inner)
        );
  return parts.length === 0
    ? `${open}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${newline}${close}`;
}

function unquote(text: string): string {
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** Walks a text that is known to be JSON. */
class Reader {
  constructor(text: string) {
    this.#text = text;
  }

  read(depth: number): Json | null {
    if (depth > DEEPEST) {
      return null;
    }
    switch (this.#peek()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return { kind: 'scalar', text: this.#string() };
      default:
        return { kind: 'scalar', text: this.#word() };
    }
  }

  #object(depth: number): JsonObject | null {
    const members = new Map<string, Json>();
    this.#at++;
    while (this.#peek() !== '}') {
      const key = unquote(this.#string());
      this.#skip(':');
      const value = this.read(depth + 1);
      if (value === null || members.has(key)) {
        return null;
      }
      members.set(key, value);
      this.#skip(',');
    }
    this.#at++;
    return { kind: 'object', members };
  }

  #array(depth: number): JsonArray | null {
    const items: Json[] = [];
    this.#at++;
    while (this.#peek() !== ']') {
      const item = this.read(depth + 1);
      if (item === null) {
        return null;
      }
      items.push(item);
      this.#skip(',');
    }
    this.#at++;
    return { kind: 'array', items };
  }

  #string(): string {
    const start = this.#at;
    let end = start;
    let backslashes: number;
    do {
      end = this.#text.indexOf('"', end + 1);
      backslashes = 0;
      while (this.#text[end - 1 - backslashes] === '\\') {
        backslashes++;
      }
    } while (backslashes % 2 === 1);
    this.#at = end + 1;
    return this.#text.slice(start, this.#at);
  }

  #word(): string {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0] ?? '';
    this.#at += word.length;
    return word;
  }

  #peek(): string | undefined {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
    return this.#text[this.#at];
  }

  #skip(mark: ':' | ','): void {
    if (this.#peek() === mark) {
      this.#at++;
      this.#peek();
    }
  }

  readonly #text: string;
  #at = 0;
}

const SPACE = /[ \t\n\r]*/y;
const WORD = /[-+.\w]+/y;
