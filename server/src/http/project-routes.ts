import {
  AccountAnswer,
  CloudProject,
  CreateProject,
  MyPermissions,
  Organizations,
  PatchPermissions,
  PatchProject,
  Permissions,
  ProjectsPage
} from '../../../src/cloud/schemas';
import { envelope } from '../paging';
import { accessTo, hasRight } from '../projects/access';
import type { Services } from '../services';
import { json, noContent } from './answer';
import { ProjectsQuery } from './queries';
import type { Router } from './router';
import { BASE_PATH } from './target';

const DEFAULT_PAGE = 100;

/** Core: projects, who may do what with them, and who one is. */
export function addProjectRoutes(router: Router, services: Services): void {
  const { db, projects, permissions, options } = services;
  const shown = (project: CloudProject): CloudProject => {
    const core = { ...project };
    if (options.coreOnly) {
      delete core.epoch;
      delete core.revision;
    }
    return core;
  };

  router.add(
    {
      method: 'get',
      path: BASE_PATH,
      feature: 'core',
      summary: 'The projects that you can see, the newest first.',
      query: ProjectsQuery,
      status: 200,
      answer: ProjectsPage
    },
    async ({ actor, query, target }) => {
      const { owner, tag = [], name, cursor, limit = DEFAULT_PAGE } = query;
      const slice = await projects.list(actor, {
        owner: owner === 'me' ? actor.id : owner,
        tags: [tag].flat(),
        name,
        cursor,
        limit
      });
      return json(envelope({ ...slice, items: slice.items.map(shown) }, target.url));
    }
  );

  router.add(
    {
      method: 'post',
      path: BASE_PATH,
      feature: 'core',
      summary: 'Makes a project; the name "<random>" lets the server pick one.',
      body: CreateProject,
      status: 201,
      answer: CloudProject
    },
    async ({ actor, body }) => json(shown(await projects.create(actor, body)), 201)
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}`,
      feature: 'core',
      summary: 'One project.',
      status: 200,
      answer: CloudProject
    },
    async ({ actor, id }) => {
      const { project } = await accessTo(db, actor, id, 'find');
      return json(shown(await projects.get(project.id)));
    }
  );

  router.add(
    {
      method: 'patch',
      path: `${BASE_PATH}/{id}`,
      feature: 'core',
      summary: 'Changes what is given of a project; metadata is merged, and a null in it removes.',
      body: PatchProject,
      status: 200,
      answer: CloudProject
    },
    async ({ actor, id, body }) => {
      const { project } = await accessTo(db, actor, id, 'modify');
      return json(shown(await projects.patch(project.id, body)));
    }
  );

  router.add(
    {
      method: 'delete',
      path: `${BASE_PATH}/{id}`,
      feature: 'core',
      summary: 'Deletes a project with all its files and versions.',
      status: 204,
      answer: 'nothing'
    },
    async ({ actor, id }) => {
      const { project } = await accessTo(db, actor, id, 'delete');
      await projects.delete(project.id);
      return noContent();
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/permissions`,
      feature: 'core',
      summary: 'Who may do what with a project.',
      status: 200,
      answer: Permissions
    },
    async ({ actor, id }) => {
      const { project } = await accessTo(db, actor, id, 'read');
      return json(await permissions.list(project.id));
    }
  );

  router.add(
    {
      method: 'post',
      path: `${BASE_PATH}/{id}/permissions`,
      feature: 'core',
      summary: 'Shares a project, or ends that. All changes are made, or none.',
      body: PatchPermissions,
      status: 200,
      answer: Permissions
    },
    async ({ actor, id, body }) => {
      const { project } = await accessTo(db, actor, id, 'share');
      return json(await permissions.change(project.id, body));
    }
  );

  router.add(
    {
      method: 'get',
      path: `${BASE_PATH}/{id}/permissions/my`,
      feature: 'core',
      summary: 'What you may do with a project.',
      status: 200,
      answer: MyPermissions
    },
    async ({ actor, id }) => {
      const { role } = await accessTo(db, actor, id, 'find');
      return json({
        delete: hasRight(role, 'delete'),
        find: hasRight(role, 'find'),
        modify: hasRight(role, 'modify'),
        own: hasRight(role, 'own'),
        read: hasRight(role, 'read'),
        share: hasRight(role, 'share')
      });
    }
  );

  router.add(
    {
      method: 'get',
      path: '/api/account',
      feature: 'core',
      summary: 'Who you are.',
      status: 200,
      answer: AccountAnswer
    },
    ({ actor: { id, name } }) =>
      json({
        id,
        name,
        user: { id, username: name, first_name: name, last_name: null, email: null }
      })
  );

  router.add(
    {
      method: 'get',
      path: '/api/organizations/my',
      feature: 'core',
      summary: 'The organizations that you belong to.',
      status: 200,
      answer: Organizations
    },
    ({ actor }) => json(actor.organizations)
  );
}
