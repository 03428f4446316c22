import type { LabIcon } from '@jupyterlab/ui-components';
import { checkIcon, errorIcon, pauseIcon, refreshIcon, userIcon } from '@jupyterlab/ui-components';

import type { FileStatusWord, ProjectStatus } from '../tokens';
import {
  arrowDownIcon,
  arrowUpIcon,
  clockIcon,
  cloudIcon,
  cloudOffIcon,
  conflictIcon,
  ignoredIcon,
  warningIcon
} from './icons';
import type { Tone } from './overall';

export const STATUS_ICONS: Readonly<Record<ProjectStatus, LabIcon>> = {
  'not-linked': cloudIcon,
  waiting: clockIcon,
  syncing: refreshIcon,
  synced: checkIcon,
  conflicts: conflictIcon,
  problems: warningIcon,
  stopped: warningIcon,
  failed: errorIcon,
  offline: cloudOffIcon,
  'signed-out': userIcon,
  paused: pauseIcon
};

export const FILE_ICONS: Readonly<Record<FileStatusWord, LabIcon>> = {
  synced: checkIcon,
  'local-change': arrowUpIcon,
  'cloud-change': arrowDownIcon,
  conflict: conflictIcon,
  ignored: ignoredIcon,
  problem: warningIcon,
  syncing: refreshIcon
};

export const FILE_TONES: Readonly<Record<FileStatusWord, Tone>> = {
  synced: 'good',
  'local-change': 'busy',
  'cloud-change': 'busy',
  conflict: 'attention',
  ignored: 'quiet',
  problem: 'attention',
  syncing: 'busy'
};
