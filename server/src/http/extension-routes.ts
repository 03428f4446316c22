import {
  ChangesPage,
  CommitAnswer,
  CommitRequest,
  FileVersion,
  FileVersionsPage,
  Preloads,
  PreloadsRequest
} from '../../../src/cloud/schemas';
import { notFound } from '../errors';
import { checkPath } from '../files/project-path';
import { MAX_LISTING_PAGE } from '../options';
import { envelope } from '../paging';
import { accessTo } from '../projects/access';
import type { Services } from '../services';
import { json } from './answer';
import { answerContent } from './content-answer';
import { ChangesQuery, VersionsQuery } from './queries';
import type { Router } from './router';
import { BASE_PATH } from './target';

/** The extensions *changes*, *batch*, *commits* and *versions*. */
export function addExtensionRoutes(router: Router, services: Services): void {
  const { db, blobs, commits, announcements, listings, versions, signer } = services;

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/changes`,
      feature: 'changes',
      summary: 'What changed after a revision, in the order of revisions.',
      query: ChangesQuery,
      status: 200,
      answer: ChangesPage
    },
    async ({ actor, id, query }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      const { since = 0, limit = MAX_LISTING_PAGE, epoch } = query;
      return json(await listings.changes(project.id, { since, limit, epoch }));
    }
  );

  router.add(
    {
      method: 'post',
      path: `${BASE_PATH}/{id}/file-preloads`,
      feature: 'batch',
      summary: 'Announces versions of many files.',
      body: PreloadsRequest,
      status: 200,
      answer: Preloads
    },
    async ({ actor, id, body, target }) => {
      const access = await accessTo(db, actor, id, 'modify');
      const items = await announcements.announceAll(access, body.files, grant =>
        signer.sign(target.origin, grant)
      );
      return json({ items });
    }
  );

  router.add(
    {
      method: 'post',
      path: `${BASE_PATH}/{id}/commits`,
      feature: 'commits',
      summary:
        'Changes many files in one transaction, each operation applied or refused on its own.',
      body: CommitRequest,
      status: 200,
      answer: CommitAnswer
    },
    async ({ actor, id, body }) => {
      const access = await accessTo(db, actor, id, 'modify');
      return json(await commits.commit(access, body));
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/file-versions`,
      feature: 'versions',
      summary: 'The contents that a path, or the whole project, holds and held; the newest first.',
      query: VersionsQuery,
      status: 200,
      answer: FileVersionsPage
    },
    async ({ actor, id, query, target }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      if (query.path !== undefined) {
        checkPath(query.path);
      }
      const { path, cursor, limit = MAX_LISTING_PAGE } = query;
      return json(envelope(await versions.list(project.id, path, cursor, limit), target.url));
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/file-versions/{version}`,
      feature: 'versions',
      summary: 'One version.',
      status: 200,
      answer: FileVersion
    },
    async ({ actor, id, version }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      return json(await versions.get(project.id, version));
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/file-versions/{version}/content`,
      feature: 'versions',
      summary: 'The content of a version, or a range of it.',
      status: 200,
      answer: 'bytes'
    },
    async ({ actor, id, version, request }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      const { file_version_id, sha256, size } = await versions.get(project.id, version);
      if (sha256 === null) {
        throw notFound('The content');
      }
      return answerContent(blobs, {
        request,
        sha256,
        size,
        etag: `"${file_version_id}"`,
        headers: { 'X-File-Version-Id': file_version_id, 'X-Sha256': sha256 },
        ranges: true
      });
    }
  );
}
