import type { Badge } from './file-badges';

const BADGE = 'jp-Projects-badge';

let made = 0;

/**
 * Shows a badge at the end of an element; null takes it away. Does nothing where it is shown already.
 *
 * @param described - gets the badge's words as its description
 */
export function paintBadge(host: Element, badge: Badge | null, described: Element | null): void {
  const shown = host.querySelector<HTMLElement>(`:scope > .${BADGE}`);
  if (!badge) {
    if (shown) {
      shown.remove();
      described?.removeAttribute('aria-describedby');
    }
    return;
  }
  const key = [badge.tone, badge.letter, ...badge.icons.map(({ name }) => name), badge.text];
  const state = key.join('\n');
  const node = shown ?? host.appendChild(newBadge());
  described?.setAttribute('aria-describedby', node.id);
  if (node.dataset['state'] === state) {
    return;
  }
  node.dataset['state'] = state;
  node.className = `${BADGE} jp-mod-${badge.tone}`;
  node.title = badge.text;
  node.setAttribute('aria-label', badge.text);
  node.replaceChildren(
    ...(badge.letter === '' ? [] : [letterNode(badge.letter)]),
    ...badge.icons.map(icon => icon.element({ tag: 'span', className: 'jp-Projects-badgeIcon' }))
  );
}

/** Of a copy of the element, as for a drag. */
export function removeBadge(host: Element): void {
  host.querySelector(`.${BADGE}`)?.remove();
}

function newBadge(): HTMLElement {
  const node = document.createElement('span');
  made += 1;
  node.id = `jp-projects-badge-${made}`;
  node.setAttribute('role', 'img');
  return node;
}

function letterNode(letter: string): HTMLElement {
  const node = document.createElement('span');
  node.className = 'jp-Projects-badgeLetter';
  node.textContent = letter;
  return node;
}
