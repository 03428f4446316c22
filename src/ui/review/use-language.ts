import type { Extension } from '@codemirror/state';
import { useEffect, useState } from 'react';

import { languageFor } from './language';
import { useReview } from './review-context';

/** What colours the text of a file, told by its name; null while that is being learned. */
export function useLanguage(path: string): Extension | null {
  const { editors } = useReview();
  return useMimeTypeLanguage(editors?.mimeTypeService.getMimeTypeByFilePath(path) ?? 'text/plain');
}

export function useMimeTypeLanguage(mimeType: string): Extension | null {
  const { editors } = useReview();
  const [language, setLanguage] = useState<Extension | null>(null);
  useEffect(() => {
    let isCurrent = true;
    languageFor(editors, typeof mimeType === 'string' ? mimeType : 'text/plain').then(
      found => isCurrent && setLanguage(found),
      () => isCurrent && setLanguage([])
    );
    return () => {
      isCurrent = false;
    };
  }, [editors, mimeType]);
  return language;
}
