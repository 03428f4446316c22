import type { Permission } from '../../../../src/tokens';
import { invitation, membersOf, subjectOf, whyNotShare } from '../../../../src/ui/sharing/members';
import { plainTrans } from '../../../support/plain-trans';

const known = {
  account: { id: 'u1', name: 'Alice' },
  organizations: [{ id: 'o1', name: 'Reef Lab' }]
};

function line(type: string, id: string, relation: string): Permission {
  return { type, id, relation };
}

describe('membersOf()', () => {
  it('names whom it knows, the strongest first, and everybody apart', () => {
    const { members, everybody } = membersOf(
      [
        line('org_id', 'o1', 'reader'),
        line('user_id', '*', 'finder'),
        line('user_id', 'u2', 'writer'),
        line('user_id', 'u1', 'owner')
      ],
      known,
      plainTrans
    );
    expect(everybody).toBe('finder');
    expect(members.map(({ name, role, isSelf }) => [name, role, isSelf])).toEqual([
      ['Alice (you)', 'owner', true],
      ['u2', 'writer', false],
      ['Reef Lab', 'reader', false]
    ]);
    expect(members[2]).toMatchObject({ subject: 'org_id:o1', isOrganization: true });
  });

  it('tells of several roles the strongest, and nothing of a relation that it does not know', () => {
    const { members } = membersOf(
      [
        line('user_id', 'u2', 'finder'),
        line('user_id', 'u2', 'writer'),
        line('user_id', 'u3', 'auditor')
      ],
      known,
      plainTrans
    );
    expect(members.map(({ subject, role }) => [subject, role])).toEqual([['user_id:u2', 'writer']]);
  });
});

describe('whyNotShare()', () => {
  it('says nothing to an owner, and to others why', () => {
    expect(whyNotShare('owner', plainTrans)).toBe('');
    for (const role of ['writer', 'reader', 'finder', null] as const) {
      expect(whyNotShare(role, plainTrans)).not.toBe('');
    }
  });
});

describe('subjectOf()', () => {
  it.each([
    ['person', ' u1 ', 'user_id:u1'],
    ['organization', 'Reef Lab', 'org_name:Reef Lab'],
    [
      'organization',
      '7b2c1a9e-0000-4000-8000-000000000000',
      'org_id:7b2c1a9e-0000-4000-8000-000000000000'
    ]
  ] as const)('%s %s: %s', (kind, text, subject) => {
    expect(subjectOf(kind, text)).toBe(subject);
  });
});

describe('invitation()', () => {
  it('says what somebody needs to open the project', () => {
    const text = invitation(
      { id: 'p1', title: 'Whales', cloudUrl: 'https://cloud.example/api/projects' },
      plainTrans
    );
    expect(text).toContain('Whales');
    expect(text).toContain('https://cloud.example/api/projects');
    expect(text).toContain('p1');
  });
});
