import { test as base } from '@playwright/test';

import type { Product } from './support/product';
import { startProduct } from './support/product';

export { expect } from '@playwright/test';
export * from './support/lab-page';

export interface ProductOptions {
  /** Spec files that name different scenarios get a product each: `test.use({ scenario: 'conflicts' })`. */
  scenario: string;
  /** Further options of `npm start`. */
  startArgs: readonly string[];
}

interface ProductFixtures {
  product: Product;
  lab: Product['lab'];
  cloud: Product['cloud'];
}

/** Playwright's test, with a JupyterLab and a cloud as `npm start` starts them. */
export const test = base.extend<object, ProductOptions & ProductFixtures>({
  scenario: ['default', { option: true, scope: 'worker' }],
  startArgs: [[], { option: true, scope: 'worker' }],
  product: [
    async ({ startArgs, scenario: _scenario }, use) => {
      const product = await startProduct(startArgs);
      await use(product);
      await product.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],
  lab: [async ({ product }, use) => use(product.lab), { scope: 'worker' }],
  cloud: [async ({ product }, use) => use(product.cloud), { scope: 'worker' }]
});
