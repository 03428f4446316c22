import {
  CoreFilesPage,
  FilePreload,
  FilePreloadRequest,
  FilesPage
} from '../../../src/cloud/schemas';
import { Refusal, notFound } from '../errors';
import { preconditionFailed } from '../files/commit-store';
import { entryAt } from '../files/entry';
import type { Precondition } from '../files/operations';
import { pathToUrl } from '../files/project-path';
import { envelope } from '../paging';
import { accessTo } from '../projects/access';
import { checkStorable } from '../projects/storable';
import type { Services } from '../services';
import { json, noContent } from './answer';
import { answerContent, entryHeaders } from './content-answer';
import { preconditionOf } from './preconditions';
import { FilesQuery } from './queries';
import type { Router } from './router';
import { BASE_PATH } from './target';

const DEFAULT_PAGE = 1000;

/** Core, what is presumed of it, and the extensions *files* and *conditions*: the files of a project, one by one. */
export function addFileRoutes(router: Router, services: Services): void {
  const { db, blobs, commits, announcements, listings, signer, options } = services;
  const { coreOnly } = options;
  const condition = ({ headers }: Request): Precondition =>
    coreOnly ? () => true : preconditionOf(headers);

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/files`,
      feature: 'presumed',
      summary: coreOnly
        ? 'The files of a project.'
        : 'What a project holds; all pages are of one revision.',
      query: FilesQuery,
      status: 200,
      answer: coreOnly ? CoreFilesPage : FilesPage
    },
    async ({ actor, id, query, target }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      const { cursor, limit = DEFAULT_PAGE, prefix = '' } = query;
      const listing = await listings.list(project.id, {
        cursor,
        limit,
        prefix: coreOnly ? '' : prefix,
        filesOnly: coreOnly
      });
      if (!coreOnly) {
        const { revision, epoch } = listing;
        return json({ ...envelope(listing, target.url), revision, epoch });
      }
      const items = listing.items.map(file => ({
        path: file.path,
        size: file.size,
        etag: `"${file.file_version_id}"`,
        last_modified: file.updated_at,
        file_version_id: file.file_version_id
      }));
      return json(envelope({ ...listing, items }, target.url));
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/files/{path}`,
      feature: 'core',
      summary: coreOnly
        ? "A file's content."
        : "A file's content, or a range of it; HEAD tells of it in headers.",
      conditional: true,
      status: 200,
      answer: 'bytes'
    },
    async ({ actor, id, path, request }) => {
      const isHead = request.method === 'HEAD';
      if (coreOnly && isHead) {
        throw notFound('HEAD');
      }
      const { project } = await accessTo(db, actor, id, 'read');
      const entry = await entryAt(db, project.id, path);
      const match = request.headers.get('if-match');
      if (
        !coreOnly &&
        match !== null &&
        !preconditionOf(new Headers({ 'if-match': match }))(entry)
      ) {
        throw preconditionFailed(entry);
      }
      if (!entry || (entry.kind === 'directory' && (coreOnly || !isHead))) {
        throw entry
          ? new Refusal(404, 'is_directory', 'This path is a directory: it has no content.')
          : notFound('The file');
      }
      const etag = `"${entry.file_version_id}"`;
      if (entry.sha256 === null) {
        return new Response(null, { status: 200, headers: { ...entryHeaders(entry), ETag: etag } });
      }
      return answerContent(blobs, {
        request,
        sha256: entry.sha256,
        size: entry.size,
        etag,
        headers: coreOnly ? {} : entryHeaders(entry),
        ranges: !coreOnly
      });
    }
  );

  router.add(
    {
      method: 'delete',
      path: `${BASE_PATH}/{id}/files/{path}`,
      feature: 'presumed',
      summary: 'Deletes a file, or an empty directory. Its versions stay.',
      conditional: true,
      status: 204,
      answer: 'nothing'
    },
    async ({ actor, id, path, request }) => {
      const access = await accessTo(db, actor, id, 'modify');
      await commits.delete(access, path, condition(request), coreOnly);
      return noContent();
    }
  );

  router.add(
    {
      method: 'put',
      path: `${BASE_PATH}/{id}/file-preload/{path}`,
      feature: 'core',
      summary: 'Announces a version of a file: where to send its bytes, and what to commit then.',
      conditional: true,
      body: FilePreloadRequest,
      status: 200,
      answer: FilePreload
    },
    async ({ actor, id, path, body, request, target }) => {
      const access = await accessTo(db, actor, id, 'modify');
      checkStorable([body.description, body.metadata], 'The description or metadata');
      const current = await entryAt(db, access.project.id, path);
      if (!condition(request)(current)) {
        throw preconditionFailed(current);
      }
      const version = await announcements.announce(access, path, body);
      return json({
        signed_url: signer.sign(target.origin, { version, part: 0 }),
        url: `${target.origin}${BASE_PATH}/${access.project.id}/files/${pathToUrl(path)}`,
        file_version_id: version
      });
    }
  );

  router.add(
    {
      method: 'patch',
      path: `${BASE_PATH}/{id}/file-versions/{version}`,
      feature: 'core',
      summary: 'Commits an uploaded version: its path holds it from now on.',
      conditional: true,
      status: 204,
      answer: 'nothing'
    },
    async ({ actor, id, version, request }) => {
      const access = await accessTo(db, actor, id, 'modify');
      await commits.commitVersion(access, version, condition(request));
      return noContent();
    }
  );
}
