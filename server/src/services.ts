import type { Kysely } from 'kysely';

import { AccountStore } from './accounts/account-store';
import type { Exclusively } from './database/exclusively';
import type { OpenDatabase } from './database/open';
import type { Database } from './database/tables';
import { CommitStore } from './files/commit-store';
import { ListingStore } from './files/listing-store';
import { TicketStore } from './events/ticket-store';
import { UploadStore } from './files/upload-store';
import { AnnouncementStore } from './files/announcement-store';
import { VersionStore } from './files/version-store';
import type { ServerOptions } from './options';
import { PermissionStore } from './projects/permission-store';
import { ProjectStore } from './projects/project-store';
import type { BlobStore } from './storage/blob-store';
import { UploadSigner } from './storage/upload-signer';

/** What the calls of the API work with. */
export interface Services {
  readonly options: ServerOptions;
  readonly db: Kysely<Database>;
  readonly exclusively: Exclusively;
  readonly blobs: BlobStore;
  readonly accounts: AccountStore;
  readonly projects: ProjectStore;
  readonly permissions: PermissionStore;
  readonly announcements: AnnouncementStore;
  readonly uploads: UploadStore;
  readonly commits: CommitStore;
  readonly listings: ListingStore;
  readonly versions: VersionStore;
  readonly signer: UploadSigner;
  readonly tickets: TicketStore;
}

/** @param secret - signs upload URLs. */
export function servicesOver(
  { db, exclusively }: Pick<OpenDatabase, 'db' | 'exclusively'>,
  blobs: BlobStore,
  secret: Buffer,
  options: ServerOptions
): Services {
  const uploads = new UploadStore(db, exclusively, blobs, options);
  return {
    options,
    db,
    exclusively,
    blobs,
    accounts: new AccountStore(db),
    projects: new ProjectStore(db),
    permissions: new PermissionStore(db),
    announcements: new AnnouncementStore(db, blobs, options),
    uploads,
    commits: new CommitStore(db, uploads, options.quota),
    listings: new ListingStore(db),
    versions: new VersionStore(db),
    signer: new UploadSigner(secret, options.uploadLifetime),
    tickets: new TicketStore(db, options.ticketLifetime)
  };
}
