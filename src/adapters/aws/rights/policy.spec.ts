import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEEDED_RIGHTS } from './needed-rights';
import { grantedActions, policyFor } from './policy';

const ADAPTERS = join(__dirname, '..');
const OPERATIONS = join(__dirname, '../../../../docs/operations.md');

describe('the policy that AWS must grant', () => {
  it('grants what is needed, and nothing else', () => {
    const needed = NEEDED_RIGHTS.map(({ action }) => action);
    expect(grantedActions().sort()).toEqual(needed.sort());
  });

  it('grants every call that the adapters make', () => {
    const files = readdirSync(ADAPTERS, { encoding: 'utf8', recursive: true }).filter(
      (name) => /(?<!spec)[.]ts$/.test(name) && !/^(rights|testing)/.test(name),
    );
    const made = files.flatMap((name) =>
      [...readFileSync(join(ADAPTERS, name), 'utf8').matchAll(/new (\w+)Command\(|\bpaginate(\w+)\(/g)].map(
        ([, sent, paged]) => sent ?? paged ?? '',
      ),
    );
    expect(made.length).toBeGreaterThan(10);
    // which anybody may ask
    const free = ['GetCallerIdentity'];
    const granted = [...free, ...grantedActions().map((action) => action.split(':')[1])];
    expect([...new Set(made)].filter((action) => !granted.includes(action))).toEqual([]);
  });

  it('stands in the documentation as it is printed', () => {
    const [, text = ''] =
      /## The policy that AWS must grant\n[^]*?```json\n([^]*?)```/.exec(readFileSync(OPERATIONS, 'utf8')) ??
      [];
    expect(JSON.parse(text)).toEqual(policyFor());
  });

  it('is cut down to the statements of some actions', () => {
    const { Statement } = policyFor(new Set(['ec2:StopInstances', 'ec2:CreateTags']));
    expect(Statement.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['TagAtLaunch', ['ec2:CreateTags']],
      ['LifeCycleOfManagedInstances', ['ec2:StopInstances']],
      ['MarkImportedInstances', ['ec2:CreateTags']],
      ['TagManagedInstances', ['ec2:CreateTags']],
    ]);
  });

  it('lets nothing be changed that is not managed, but for what launches take', () => {
    const free = policyFor()
      .Statement.filter(
        ({ Condition, Action }) => !Condition && !Action.every((it) => /:(Describe|Get)/.test(it)),
      )
      .map(({ Sid }) => Sid);
    expect(free).toEqual(['LaunchFromAndInto']);
  });
});
