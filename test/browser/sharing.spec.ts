import type { Locator, Page } from '@playwright/test';

import type { Permission, SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture } from './support/looks';
import { changeSettings, openContextMenu, openFileBrowser, unfold } from './support/person';

test.use({ scenario: 'sharing' });
test.describe.configure({ mode: 'serial' });

const DIALOG = '.jp-Projects-sharingDialog';

let alice: Page;
let bob: Page;
let id: string;
let bobs: string;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  await new Folder(product.lab.root).write('whales/a.txt', 'a');
  alice = await (await browser.newContext()).newPage();
  await openLab(alice, product);
  await signIn(alice, product.cloud.keys.alice);
  const report = await execute<SyncReport>(alice, 'projects:create', {
    path: 'whales',
    title: 'Whales'
  });
  id = report.projectId;
  bob = await (await browser.newContext()).newPage();
  await openLab(bob, product);
  await signIn(bob, product.cloud.keys.bob);
  const answer = await execute<{ account: { id: string } }>(bob, 'projects:sign-in', {
    apiKey: product.cloud.keys.bob
  });
  bobs = answer.account.id;
});

test.afterAll(async () => {
  await alice?.context().close();
  await bob?.context().close();
});

test('an owner opens it from the panel, and adds a person by the keyboard alone', async () => {
  const item = await unfold(alice, 'Whales');
  await item.getByRole('button', { name: 'Share…' }).focus();
  await alice.keyboard.press('Enter');
  const dialog = dialogOf(alice);
  await expect(dialog).toContainText('Share “Whales”');
  await expect(dialog.getByRole('combobox', { name: 'Role of alice (you)' })).toBeDisabled();
  await expect(dialog).toContainText('You can’t take your own role away');
  await dialog.getByRole('textbox', { name: 'Id of the person' }).focus();
  await alice.keyboard.type(bobs);
  await alice.keyboard.press('Tab');
  await alice.keyboard.type('W');
  await expect(dialog.getByRole('combobox', { name: 'Role to give' })).toHaveValue('writer');
  await alice.keyboard.press('Shift+Tab');
  await alice.keyboard.press('Enter');
  await expect(dialog.getByRole('combobox', { name: `Role of ${bobs}` })).toHaveValue('writer');
  await expect(dialog.getByRole('status')).toHaveText('The role is given.');
  await alice.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('roles are changed, and everybody may be let in', async () => {
  const dialog = await share(alice);
  await dialog.getByRole('combobox', { name: `Role of ${bobs}` }).selectOption('reader');
  await expect(dialog.getByRole('status')).toContainText('is changed');
  await dialog.getByRole('combobox', { name: 'What everybody may do' }).selectOption('finder');
  await expect(dialog.getByRole('status')).toHaveText('The project is public.');
  await inEachTheme(alice, async theme => {
    await expect(alice.locator('#jupyterlab-splash')).toHaveCount(0);
    await expectAccessible(alice, `${DIALOG} .jp-Dialog-content`);
    await picture(alice, `owner-${theme}`);
  });
  await close(alice);
  const permissions = await permissionsOf();
  expect(permissions).toContainEqual({ type: 'user_id', id: bobs, relation: 'reader' });
  expect(permissions).toContainEqual({ type: 'user_id', id: '*', relation: 'finder' });
});

test('a mistake is told in the dialog, and changes nothing', async () => {
  const before = await permissionsOf();
  const dialog = await share(alice);
  await dialog.getByRole('textbox', { name: 'Id of the person' }).fill('nobody');
  await dialog.getByRole('button', { name: 'Give the role' }).click();
  await expect(dialog.getByRole('alert')).toContainText('names nobody');
  await picture(alice, 'mistake');
  await close(alice);
  expect(await permissionsOf()).toEqual(before);
});

test('a reader sees who has access, and why they can’t change it', async () => {
  await execute(bob, 'projects:list', { refresh: true });
  const dialog = await share(bob);
  await expect(dialog).toContainText(
    'You can only read the files. Only an owner can change who may.'
  );
  await expect(dialog.getByRole('combobox', { name: 'Role of bob (you)' })).toBeDisabled();
  await expect(dialog.getByRole('combobox', { name: 'What everybody may do' })).toBeDisabled();
  await expect(dialog.getByRole('button', { name: 'Give the role' })).toHaveCount(0);
  await inEachTheme(bob, async theme => {
    await expect(bob.locator('#jupyterlab-splash')).toHaveCount(0);
    await expectAccessible(bob, `${DIALOG} .jp-Dialog-content`);
    await picture(bob, `reader-${theme}`);
  });
  await close(bob);
});

test('how to open it is copied', async () => {
  await alice.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const dialog = await share(alice);
  await dialog.getByRole('button', { name: 'Copy how to open it' }).click();
  await expect(dialog.getByRole('status')).toContainText('Copied');
  const text = await alice.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain(`Project id: ${id}`);
  await close(alice);
});

test('it fits into 320 pixels, and text of twice the size', async () => {
  const size = alice.viewportSize();
  await alice.setViewportSize({ width: 320, height: 640 });
  const dialog = await share(alice);
  await expect(dialog.getByRole('button', { name: `Remove ${bobs}` })).toBeVisible();
  const fits = () =>
    dialog.locator('.jp-Dialog-content').evaluate(node => {
      const sharing = node.querySelector('.jp-Projects-sharing');
      const body = node.querySelector('.jp-Dialog-body');
      return (
        node.getBoundingClientRect().right <= window.innerWidth &&
        (sharing?.scrollWidth ?? 0) <= (sharing?.clientWidth ?? 0) &&
        (body?.scrollWidth ?? 0) <= (body?.clientWidth ?? 0)
      );
    });
  expect(await fits()).toBe(true);
  await picture(alice, 'narrow');
  await close(alice);
  await alice.setViewportSize({ width: 640, height: 900 });
  await alice.evaluate(() => {
    // The other sizes are relative to this one.
    document.body.style.setProperty('--jp-ui-font-size1', '26px');
  });
  await share(alice);
  expect(await fits()).toBe(true);
  await picture(alice, 'large-text');
  await close(alice);
  await alice.evaluate(() => document.body.removeAttribute('style'));
  if (size) {
    await alice.setViewportSize(size);
  }
});

test('a finder is told that they see no more than that it exists', async () => {
  await execute(alice, 'projects:share', { projectId: id, subject: bobs, role: 'finder' });
  await execute(bob, 'projects:list', { refresh: true });
  const dialog = await share(bob);
  await expect(dialog).toContainText('You can see that this project exists, and no more');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await expect(dialog.getByRole('combobox')).toHaveCount(0);
  await picture(bob, 'finder');
  await close(bob);
});

test('the context menu of the project’s folder opens it, and a person is removed', async () => {
  await openFileBrowser(alice);
  const menu = await openContextMenu(alice, 'whales');
  await menu.getByText('Share…').click();
  const dialog = dialogOf(alice);
  await dialog.getByRole('button', { name: `Remove ${bobs}` }).click();
  await expect(dialog.getByRole('status')).toContainText('has no role any more');
  await expect(dialog.getByRole('heading', { name: 'Who has access' })).toBeFocused();
  await close(alice);
  expect((await permissionsOf()).map(({ id: whose }) => whose)).not.toContain(bobs);
});

function dialogOf(page: Page): Locator {
  return page.locator(DIALOG);
}

/** Opens the dialog, as the palette does. */
async function share(page: Page): Promise<Locator> {
  await page.evaluate(projectId => {
    void window.jupyterapp.commands.execute('projects:share', { projectId, interactive: true });
  }, id);
  const dialog = dialogOf(page);
  await expect(dialog).toBeVisible();
  return dialog;
}

async function close(page: Page): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Close' }).last().click();
  await expect(dialogOf(page)).toHaveCount(0);
}

/** As the owner's page gets them from the cloud: taking away a role that nobody has changes nothing. */
function permissionsOf(): Promise<Permission[]> {
  return execute<Permission[]>(alice, 'projects:share', {
    projectId: id,
    subject: '7b2c1a9e-0000-4000-8000-000000000000',
    role: null
  });
}
