import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Held } from '../../tokens';

export type HeldChoice = 'take-file' | 'keep-document' | 'keep-both' | 'close';

export interface HeldWords {
  readonly text: string;
  readonly choices: readonly {
    readonly choice: HeldChoice;
    readonly label: string;
    /** What it does, in a sentence. */
    readonly hint: string;
  }[];
}

/** What is said of a document that is not what its file is, and what can be done. */
export function heldWords(
  { kind, isEdited }: Held,
  path: string,
  trans: TranslationBundle
): HeldWords {
  const name = PathExt.basename(path);
  const takeFile = {
    choice: 'take-file' as const,
    label: trans.__('Load the file'),
    hint: isEdited
      ? trans.__('Shows what is in the file. What you did here and did not save is lost.')
      : trans.__('Shows what is in the file.')
  };
  const keepBoth = {
    choice: 'keep-both' as const,
    label: trans.__('Keep both'),
    hint: trans.__('Saves what you see here as a copy beside the file, and then loads the file.')
  };
  const keepDocument = {
    choice: 'keep-document' as const,
    label: trans.__('Save mine over it'),
    hint: trans.__('Writes what you see here to the file. What is in the file now is replaced.')
  };
  switch (kind) {
    case 'changed':
      return {
        text: trans.__(
          '“%1” was changed outside of this tab, in places that you have changed too. Nothing was overwritten; what you see is yours.',
          name
        ),
        choices: [keepBoth, takeFile, keepDocument]
      };
    case 'incoming':
      return {
        text: trans.__(
          '“%1” was changed in the cloud, in places that you have changed here and not saved. Nothing was overwritten: the sync waits for you.',
          name
        ),
        choices: [
          {
            choice: 'keep-document',
            label: trans.__('Save mine'),
            hint: trans.__(
              'Saves what you see here. The next sync puts the two together, or keeps both.'
            )
          },
          {
            choice: 'take-file',
            label: trans.__('Discard mine'),
            hint: trans.__(
              'What you did here and did not save is lost. The next sync brings what is in the cloud.'
            )
          }
        ]
      };
    case 'deleted':
      return {
        text: isEdited
          ? trans.__('“%1” was deleted. What you have not saved is only here.', name)
          : trans.__('“%1” was deleted. This tab still shows what was in it.', name),
        choices: [
          {
            choice: 'keep-document',
            label: trans.__('Save it again'),
            hint: trans.__('Makes the file anew, with what you see here.')
          },
          {
            choice: 'close',
            label: trans.__('Close'),
            hint: trans.__('Closes this tab.')
          }
        ]
      };
    case 'unreadable':
      return {
        text: trans.__(
          '“%1” was changed outside of this tab, and can’t be shown here as it is now: it may be half written, or something else. This tab keeps what was in it.',
          name
        ),
        choices: [takeFile, keepDocument]
      };
    case 'large':
      return {
        text: trans.__(
          '“%1” was changed outside of this tab, and is larger than 20 MB: it is not loaded unasked.',
          name
        ),
        choices: isEdited ? [keepBoth, takeFile, keepDocument] : [takeFile]
      };
  }
}
