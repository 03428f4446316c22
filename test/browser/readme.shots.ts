import { expect, execute, openDocument, openLab, openPanel, signIn, test } from './fixtures';

test.use({ scenario: 'readme' });

/** The pictures of the documentation: `npm run screenshots`. */
test('the panel', async ({ page, product }) => {
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  const projects = await execute<{ id: string }[]>(page, 'projects:list');
  await execute(page, 'projects:open', { projectId: projects[0]?.id ?? '' });
  await openDocument(page, 'Projects/sample-project/analysis.ipynb');
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Sample project' }).click();
  await expect(page.getByRole('tab', { name: 'analysis.ipynb' })).toBeVisible();
  await expect(panel.getByRole('tree', { name: 'Files of Sample project' })).toBeVisible();
  await expect(page.getByText('| Idle')).toBeVisible();
  await page.screenshot({ path: 'docs/images/panel.png' });
});
