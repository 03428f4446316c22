import { elsewhere, messageOf } from '../../../src/model/words';
import { report } from '../../support/fake-projects';
import { plainTrans } from '../../support/plain-trans';

const HERE = 'https://here/api/projects';
const THERE = 'https://there/api/projects';

describe('the words for a project that the cloud does not show', () => {
  it('should name both clouds when another one is set', () => {
    const text = elsewhere({ cloudUrl: THERE, currentUrl: HERE, isUnseen: true }, plainTrans);
    expect(text).toContain(`is in the cloud ${THERE}`);
    expect(text).toContain(`set now is ${HERE}`);
  });

  it('should say that the account can not see it', () => {
    const text = elsewhere({ cloudUrl: HERE, currentUrl: HERE, isUnseen: true }, plainTrans);
    expect(text).toContain(`can not see this project in ${HERE}`);
  });

  it('should say nothing where the cloud shows it', () => {
    expect(elsewhere({ cloudUrl: HERE, currentUrl: HERE, isUnseen: false }, plainTrans)).toBe('');
  });
});

describe('the words for a stopped sync', () => {
  it.each([
    ['mass-delete', ['Restore', 'Approve']],
    ['root-emptied', ['Restore', 'Approve']],
    ['root-missing', ['Restore', 'Approve']],
    ['all-changed', ['Approve']],
    ['cloud-restored', ['Approve']],
    ['root-replaced', []]
  ] as const)('should name the choices there are on %s', (stopReason, choices) => {
    const message = messageOf(report({ state: 'stopped', stopReason }), plainTrans);
    expect(['Restore', 'Approve'].filter(choice => message.includes(choice))).toEqual(choices);
  });
});
