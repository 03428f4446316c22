import { z } from 'zod';

import { Id } from '../../../src/cloud/schemas';
import { MAX_LISTING_PAGE } from '../options';

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number')
  .transform(Number);

/** A page's length; more than the maximum gives the maximum. */
const limit = wholeNumber
  .pipe(z.number().min(1))
  .transform(value => Math.min(value, MAX_LISTING_PAGE));

const cursor = z.string().min(1);

export const ProjectsQuery = z.looseObject({
  owner: z.literal('me').or(Id).optional(),
  tag: z.string().or(z.array(z.string())).optional(),
  name: z.string().optional(),
  cursor: cursor.optional(),
  limit: limit.optional()
});

export const FilesQuery = z.looseObject({
  cursor: cursor.optional(),
  limit: limit.optional(),
  prefix: z.string().optional()
});

export const ChangesQuery = z.looseObject({
  since: wholeNumber.optional(),
  limit: limit.optional(),
  epoch: Id.optional()
});

export const VersionsQuery = z.looseObject({
  path: z.string().optional(),
  cursor: cursor.optional(),
  limit: limit.optional()
});

/** Whatever the ticket is, the websocket's own check tells. */
export const EventsQuery = z.looseObject({ ticket: z.string().or(z.array(z.string())).optional() });
