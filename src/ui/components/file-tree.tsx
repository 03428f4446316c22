import type { KeyboardEvent, MouseEvent } from 'react';
import { useId, useRef, useState } from 'react';

import type { Row, TreeNode } from '../tree/file-tree';
import { rowsOf } from '../tree/file-tree';
import { findTyped, keyEffect } from '../tree/keys';
import { useWindow } from '../use-window';
import { TreeRow } from './tree-row';

/** Ms within which letters are typed as one word. */
const WORD = 700;

/** A place on the page, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface FileTreeProps {
  /** Its children are the first level. */
  readonly root: TreeNode;
  readonly label: string;
  readonly isOpen: (path: string) => boolean;
  readonly onOpen: (path: string, open: boolean) => void;
  /** A file is to be opened. */
  readonly onActivate: (node: TreeNode) => void;
  readonly onMenu: (node: TreeNode, place: Place) => void;
}

/** Files and folders, by the keyboard as well as by the mouse. Only the rows in sight are there. */
export function FileTree({ root, label, isOpen, onOpen, onActivate, onMenu }: FileTreeProps) {
  const id = useId();
  const rows = rowsOf(root, isOpen);
  const { scroller, rowHeight, shown, onScroll, bringIntoSight } = useWindow<HTMLDivElement>(
    rows.length
  );
  const [activePath, setActivePath] = useState<string | null>(null);
  const typed = useRef({ text: '', at: 0 });
  const found = rows.findIndex(({ node }) => node.path === activePath);
  const active = Math.max(0, found);
  const isShown = active >= shown.from && active < shown.to;

  const go = (to: number): void => {
    const row = rows[to];
    if (row) {
      setActivePath(row.node.path);
      bringIntoSight(to);
    }
  };
  const activate = ({ node, isOpen: open }: Row): void =>
    node.isFolder ? onOpen(node.path, !open) : onActivate(node);
  const menuAt = (at: number): void => {
    const row = rows[at];
    const element = scroller.current?.querySelector(`[id="${id}${at}"]`);
    if (row && element) {
      const { left, bottom } = element.getBoundingClientRect();
      onMenu(row.node, { x: left + rowHeight, y: bottom });
    }
  };

  const type = (letter: string, now: number): boolean => {
    const { text, at } = typed.current;
    const word = now - at < WORD ? text + letter : letter;
    if (word.trim() === '') {
      return false;
    }
    typed.current = { text: word, at: now };
    const to = findTyped(rows, active, word);
    if (to !== null) {
      go(to);
    }
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isLetter && type(event.key, event.timeStamp)) {
      event.preventDefault();
      return;
    }
    const effect = keyEffect(rows, active, event);
    if (!effect) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const row = rows[active];
    switch (effect.kind) {
      case 'go':
        return go(effect.to);
      case 'open':
      case 'close':
        setActivePath(effect.path);
        return onOpen(effect.path, effect.kind === 'open');
      case 'activate':
        return row && activate(row);
      case 'menu':
        go(effect.at);
        return menuAt(effect.at);
    }
  };

  const rowAt = (event: MouseEvent): Row | undefined => {
    const target = event.target instanceof Element ? event.target : null;
    const path = target?.closest<HTMLElement>('[data-path]')?.dataset['path'];
    return path === undefined ? undefined : rows.find(({ node }) => node.path === path);
  };
  const onClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (row) {
      setActivePath(row.node.path);
      // The second click of a double click takes nothing back.
      if (row.node.isFolder && event.detail <= 1) {
        activate(row);
      }
    }
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    if (row && !row.node.isFolder) {
      activate(row);
    }
  };
  const onContextMenu = (event: MouseEvent): void => {
    if (event.shiftKey) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const row = rowAt(event);
    if (row) {
      setActivePath(row.node.path);
      onMenu(row.node, { x: event.clientX, y: event.clientY });
    }
  };

  return (
    <div
      ref={scroller}
      className="jp-Projects-tree"
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={isShown ? `${id}${active}` : undefined}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onContextMenu={onContextMenu}
      style={{ height: rows.length * rowHeight }}
    >
      <div
        role="presentation"
        className="jp-Projects-rows"
        style={{ height: rows.length * rowHeight }}
      >
        {rows.slice(shown.from, shown.to).map((row, index) => (
          <TreeRow
            key={row.node.path}
            id={`${id}${shown.from + index}`}
            row={row}
            isActive={shown.from + index === active}
            top={(shown.from + index) * rowHeight}
          />
        ))}
      </div>
    </div>
  );
}
