import { z } from 'zod';

import { Capabilities } from '../../../src/cloud/schemas';
import { MAX_PATH_BYTES } from '../files/project-path';
import { MAX_COMMIT_OPERATIONS } from '../options';
import type { Services } from '../services';
import { json } from './answer';
import { describeApi } from './openapi';
import { FEATURES } from './operation';
import type { Router } from './router';
import { BASE_PATH } from './target';

/** What the cloud tells of itself to anybody. */
export function addMetaRoutes(router: Router, { options }: Services): void {
  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/healthz`,
      feature: 'core',
      summary: 'Answers while the server works.',
      anonymous: true,
      status: 200,
      answer: z.object({ status: z.literal('ok') })
    },
    () => json({ status: 'ok' })
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/capabilities`,
      feature: 'meta',
      summary: 'The extensions that this cloud has, and its limits.',
      anonymous: true,
      status: 200,
      answer: Capabilities
    },
    () =>
      json({
        api: 'projects',
        version: '1',
        features: FEATURES,
        limits: {
          max_file_size: options.maxFileSize,
          part_size: options.partSize,
          max_commit_operations: MAX_COMMIT_OPERATIONS,
          max_path_bytes: MAX_PATH_BYTES
        }
      })
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/openapi.json`,
      feature: 'core',
      summary: 'This description.',
      anonymous: true,
      status: 200,
      answer: z.looseObject({ openapi: z.string() })
    },
    ({ target }) => json(describeApi(router.operations, target.origin))
  );
}
