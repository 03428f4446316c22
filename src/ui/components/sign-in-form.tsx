import type { FormEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';

import { errorMessage } from '../error-message';
import { useUi } from '../ui-context';

/**
 * The key goes from the field to the model and nowhere else; it is not kept in any state of the page.
 *
 * @param reason - Why the person must sign in anew; '' when there is nothing to say.
 */
export function SignInForm({ reason }: { readonly reason: string }) {
  const { projects, trans, openSettings } = useUi();
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const id = useId();
  // A panel that was shown before it was known that a key is needed has the keyboard already: this is where one goes on.
  useEffect(() => {
    if (field.current?.closest('.jp-Projects-panel')?.contains(document.activeElement)) {
      field.current.focus();
    }
  }, []);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? '';
    if (key === '') {
      setError(trans.__('Type your API key first.'));
      field.current?.focus();
      return;
    }
    setBusy(true);
    setError('');
    projects
      .signIn(key)
      .catch((failure: unknown) => {
        setError(errorMessage(failure));
        field.current?.focus();
      })
      .finally(() => setBusy(false));
  };

  return (
    <form className="jp-Projects-signIn" onSubmit={submit} aria-busy={busy}>
      <h3>{trans.__('Sign in to your projects')}</h3>
      <p>
        {trans.__(
          'Projects are folders kept in sync with a cloud. Whoever runs the cloud at %1 gives you an API key.',
          projects.cloudUrl
        )}
      </p>
      <p>
        {trans.__(
          'Signing in sends the key to that address, to learn who you are and which projects you have. No file is read or sent.'
        )}
      </p>
      <label htmlFor={id}>{trans.__('API key')}</label>
      <input
        id={id}
        ref={field}
        type="password"
        className="jp-mod-styled"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== ''}
        aria-describedby={`${id}-help`}
      />
      {(error || reason) && (
        <p className="jp-Projects-error" role="alert">
          {error || reason}
        </p>
      )}
      <div className="jp-Projects-buttons">
        <button
          type="submit"
          className="jp-Projects-button jp-mod-styled jp-mod-accept"
          disabled={busy}
        >
          {busy ? trans.__('Signing in…') : trans.__('Sign in')}
        </button>
        {openSettings && (
          <button
            type="button"
            className="jp-Projects-button jp-mod-styled jp-mod-minimal"
            onClick={openSettings}
          >
            {trans.__('Use another cloud…')}
          </button>
        )}
      </div>
      <p className="jp-Projects-hint" id={`${id}-help`}>
        {trans.__('The key is kept in this browser only; signing out removes it.')}
      </p>
    </form>
  );
}
