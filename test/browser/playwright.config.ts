import { defineConfig } from '@playwright/test';

import { findChromium } from '../../scripts/lib/chromium.mjs';
import type { ProductOptions } from './fixtures';
import { CHROMIUM_ARGS } from './support/chromium-args';

const executablePath = findChromium();
if (executablePath === null) {
  throw new Error('No Chromium was found: install one, or set CHROMIUM_PATH.');
}

export default defineConfig<object, ProductOptions>({
  testDir: '.',
  testMatch: process.env.SCREENSHOTS ? '**/*.shots.ts' : '**/*.spec.ts',
  outputDir: '../../test-results',
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../../.cache/test/browser.json' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    // It records every step, and takes as long as the tests themselves.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath,
      args: [...CHROMIUM_ARGS]
    }
  }
});
