import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');
/** As gettext puts a context before a message. */
const CONTEXT_END = '\u0004';

/** What the translator is asked for in the sources. */
export interface Asked {
  /** By the key under which a translation is found: the English forms, one or two. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
  /** Calls whose text is not written out, so that nobody can collect it: `file:line`. */
  readonly unwritten: readonly string[];
}

/** All that the sources have translated. */
export function askedOfTranslator(): Asked {
  const messages = new Map<string, readonly string[]>();
  const unwritten: string[] = [];
  for (const name of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name) || name.endsWith('.d.ts')) {
      continue;
    }
    const text = readFileSync(join(SOURCES, name), 'utf8');
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const written = writtenIn(node.expression, node.arguments);
        if (written === null) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart());
          unwritten.push(`${name}:${line + 1}`);
        } else if (written) {
          messages.set(written.key, written.forms);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { messages, unwritten };
}

/** undefined: no call of a translator; null: one whose text is not written out. */
function writtenIn(
  { expression, name }: ts.PropertyAccessExpression,
  given: readonly ts.Expression[]
): { key: string; forms: string[] } | null | undefined {
  const [hasContext, isPlural] = [/^_n?p$/.test(name.text), /^_np?$/.test(name.text)];
  const isTranslator = /(^|\.|#)_?(trans|spoken)$/.test(expression.getText());
  if (!isTranslator || !(name.text === '__' || hasContext || isPlural)) {
    return undefined;
  }
  const taken = given.slice(0, 1 + Number(hasContext) + Number(isPlural));
  if (!taken.every(each => ts.isStringLiteralLike(each))) {
    return null;
  }
  const forms = taken.map(each => each.text);
  const context = hasContext ? `${forms.shift() ?? ''}${CONTEXT_END}` : '';
  return { key: `${context}${forms[0] ?? ''}`, forms };
}

/** A language in which every message is its English one in brackets: what has none was not translated. */
export function pseudoCatalog(language: string): Record<string, unknown> {
  const domain = 'jupyterlab_projects';
  const bracketed = [...askedOfTranslator().messages].map(([key, forms]) => [
    key,
    forms.map(form => `⟦${form}⟧`)
  ]);
  const head = { domain, language, plural_forms: 'nplurals=2; plural=(n != 1);' };
  return { [domain]: { '': head, ...Object.fromEntries(bracketed) } };
}

/** What is left of a text without all that is in brackets. */
export function outsideBrackets(text: string): string {
  const without = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return without === text ? text : outsideBrackets(without);
}
