import { checkIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef } from 'react';

import type { Step } from '../first-run';
import { stepOf, STEPS } from '../first-run';
import { useUi } from '../ui-context';
import { Button } from './button';
import { FirstChoice } from './first-choice';
import { FirstStart } from './first-start';
import { SignInForm } from './sign-in-form';

/** Leads from signed out to a synced project: three steps, each of which says what happens to files. */
export function FirstRun() {
  const { projects, selection, trans } = useUi();
  const section = useRef<HTMLElement>(null);
  const { setup } = selection;
  const step = stepOf(projects, setup);
  useKeyboardAt(section, step);
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="jp-Projects-firstRun"
      aria-label={trans.__('First steps')}
    >
      <ol className="jp-Projects-steps">
        {STEPS.map((each, index) => {
          const isDone = STEPS.indexOf(step) > index;
          return (
            <li key={each} aria-current={each === step ? 'step' : undefined}>
              {isDone ? (
                <checkIcon.react tag="span" className="jp-Projects-statusIcon" />
              ) : (
                <span className="jp-Projects-stepNumber">{index + 1}</span>
              )}
              <span>{stepWords(each, trans)}</span>
              {isDone && <span className="jp-Projects-unseen">{trans.__('(done)')}</span>}
            </li>
          );
        })}
      </ol>
      {step === 'sign-in' && <SignInForm reason={projects.connectionMessage} />}
      {step === 'choose' && <FirstChoice />}
      {step === 'start' && setup && (
        <FirstStart
          key={JSON.stringify(setup)}
          setup={setup}
          onBegin={() => section.current?.focus()}
        />
      )}
      {step !== 'sign-in' && (
        <Aside>
          <Button onClick={() => selection.skipSetup(true)}>{trans.__('Hide these steps')}</Button>
        </Aside>
      )}
    </section>
  );
}

function Aside({ children }: { children: ReactNode }) {
  return <div className="jp-Projects-buttons jp-Projects-aside">{children}</div>;
}

/** The keyboard follows from step to step, and to the project in the end. */
function useKeyboardAt(section: RefObject<HTMLElement>, step: Step): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) {
      before.current = step;
      section.current?.focus();
    }
  }, [section, step]);
  useLayoutEffect(() => {
    const node = section.current;
    return () => {
      const panel = node?.closest('.jp-Projects-panel');
      if (panel && node?.contains(document.activeElement)) {
        requestAnimationFrame(() =>
          panel.querySelector<HTMLElement>('.jp-Projects-itemTitle button')?.focus()
        );
      }
    };
  }, [section]);
}

function stepWords(step: Step, trans: TranslationBundle): string {
  switch (step) {
    case 'sign-in':
      return trans.__('Sign in');
    case 'choose':
      return trans.__('Choose a project');
    case 'start':
      return trans.__('First sync');
  }
}
