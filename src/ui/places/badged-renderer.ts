import { DirListing } from '@jupyterlab/filebrowser';

import type { FileBadges } from './file-badges';
import { paintBadge, removeBadge } from './paint-badge';

/** JupyterLab's own rendering of a file list, with a badge beside each name where there is one to show. */
export class BadgedRenderer extends DirListing.Renderer {
  /** @param localPath - a path of the file browser as one relative to the Jupyter root */
  show(badges: FileBadges, localPath: (path: string) => string): void {
    this.hide();
    this.#badges = badges;
    this.#localPath = localPath;
    badges.changed.connect(this.#repaint, this);
    this.#repaint();
  }

  hide(): void {
    this.#badges?.changed.disconnect(this.#repaint, this);
    this.#badges = null;
    this.#repaint();
  }

  override updateItemNode(
    ...args: Parameters<DirListing.Renderer['updateItemNode']>
  ): ReturnType<DirListing.Renderer['updateItemNode']> {
    super.updateItemNode(...args);
    const [node, { path }] = args;
    this.#shown.set(node, path);
    this.#paint(node, path);
  }

  override createDragImage(
    ...args: Parameters<DirListing.Renderer['createDragImage']>
  ): ReturnType<DirListing.Renderer['createDragImage']> {
    const image = super.createDragImage(...args);
    removeBadge(image);
    return image;
  }

  #repaint(): void {
    for (const [node, path] of this.#shown) {
      if (node.isConnected) {
        this.#paint(node, path);
      } else {
        this.#shown.delete(node);
      }
    }
  }

  #paint(node: HTMLElement, path: string): void {
    const host = node.querySelector('.jp-DirListing-itemName');
    if (host) {
      const badge = this.#badges?.of(this.#localPath(path)) ?? null;
      paintBadge(host, badge, host.querySelector('.jp-DirListing-itemText'));
    }
  }

  #badges: FileBadges | null = null;
  #localPath = (path: string): string => path;
  /** Rows, each with the path that it shows; those that are gone are forgotten when all are painted again. */
  readonly #shown = new Map<HTMLElement, string>();
}
