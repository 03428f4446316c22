import { expect, openLab, openPanel, projectsTab, signIn, test } from './fixtures';

test.use({ scenario: 'shared' });

test('JupyterLab opens with the Projects panel, and a key shows the sample project', async ({
  page,
  product
}, testInfo) => {
  await openLab(page, product);
  await expect(projectsTab(page)).toBeVisible();

  const panel = await openPanel(page);
  await expect(panel.getByText('Sign in to your projects')).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('signed-out.png') });

  await signIn(page, product.cloud.keys.alice);
  await expect(panel.getByText('alice')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Sample project' })).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath('signed-in.png') });
});

test('a wrong key is refused with words, and nothing is kept', async ({ page, product }) => {
  await openLab(page, product);
  const panel = await openPanel(page);
  await panel.getByLabel('API key').fill('no-such-key');
  await panel.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(panel.getByRole('alert')).toBeVisible();
  await expect(panel.getByLabel('API key')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(
    'no-such-key'
  );
});
