/** Public and stable: what the palette, the menus, the panel and other extensions call. */
export const CommandIDs = {
  signIn: 'projects:sign-in',
  signOut: 'projects:sign-out',
  list: 'projects:list',
  create: 'projects:create',
  open: 'projects:open',
  link: 'projects:link',
  unlink: 'projects:unlink',
  sync: 'projects:sync',
  preview: 'projects:preview',
  status: 'projects:status',
  pause: 'projects:pause',
  resume: 'projects:resume',
  resolveConflict: 'projects:resolve-conflict',
  showActivity: 'projects:show-activity',
  show: 'projects:show',
  createFromSelection: 'projects:create-from-selection',
  syncSelection: 'projects:sync-selection',
  showSelection: 'projects:show-selection'
} as const;
