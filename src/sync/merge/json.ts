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
  const parts: string[] = [];
  print(json, indent, indent === '' ? '' : '\n', parts);
  return parts.join('');
}

export function scalarOf(value: string | number | null): JsonScalar {
  return { kind: 'scalar', text: JSON.stringify(value) };
}

/** The string that it is; undefined where it is none. */
export function stringIn(json: Json | undefined): string | undefined {
  if (json?.kind !== 'scalar' || !json.text.startsWith('"')) {
    return undefined;
  }
  return unquote(json.text);
}

/** Whether both say the same, whatever the escapes and the order of keys. Numbers are the same by their digits. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (a === undefined || b === undefined) {
    return false;
  }
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    return a.text === b.text || (isEscaped(a, b) && stringIn(a) === stringIn(b));
  }
  if (a.kind === 'array' && b.kind === 'array') {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => same(item, b.items[index]))
    );
  }
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.members.size === b.members.size &&
      [...a.members].every(([key, value]) => same(value, b.members.get(key)))
    );
  }
  return false;
}

function isEscaped(a: JsonScalar, b: JsonScalar): boolean {
  return a.text.startsWith('"') && b.text.startsWith('"') && (a.text + b.text).includes('\\');
}

function print(json: Json, indent: string, newline: string, parts: string[]): void {
  if (json.kind === 'scalar') {
    parts.push(json.text);
    return;
  }
  const [open, close] = json.kind === 'array' ? '[]' : '{}';
  const inner = newline + indent;
  let separator = `${open}${inner}`;
  if (json.kind === 'array') {
    for (const item of json.items) {
      parts.push(separator);
      print(item, indent, inner, parts);
      separator = `,${inner}`;
    }
  } else {
    const colon = indent === '' ? ':' : ': ';
    for (const [key, value] of json.members) {
      parts.push(separator, JSON.stringify(key), colon);
      print(value, indent, inner, parts);
      separator = `,${inner}`;
    }
  }
  const isEmpty = (json.kind === 'array' ? json.items.length : json.members.size) === 0;
  parts.push(isEmpty ? `${open}${close}` : `${newline}${close}`);
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
