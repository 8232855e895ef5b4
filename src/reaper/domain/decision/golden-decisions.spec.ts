import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SITUATIONS } from '../../testing/idle-situations';
import { type IdleDecision } from './decision';
import { decide } from './idle-decision';
import { moment } from '../trace/words';

/**
 * Whole decisions, as text that a person can check. After a wanted change of rules or words
 * `UPDATE_GOLDEN=1 npx jest golden-decisions` writes them anew: read what git says has changed.
 */
const FOLDER = join(__dirname, 'golden');
const fileOf = (name: string) => join(FOLDER, `${name}.txt`);

// eslint-disable-next-line no-restricted-properties -- how a developer asks for it, no setting of the application
const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;
const WIDEST_RULE = 16;

function textOf(decision: IdleDecision): string {
  const time = (at: Date | null) => (at ? moment(at) : '-');
  const { verdict, cause, plan, noticeDue, restraints, longRunning } = decision;
  const notice = noticeDue ? `${noticeDue.stageMinutes} min before ${moment(noticeDue.deadline)}` : '-';
  return [
    `${decision.at.toISOString()}  ${verdict}${cause ? ` (${cause})` : ''}${decision.dryRun ? ' on trial' : ''}`,
    '',
    `reason         ${decision.reason}`,
    `idle since     ${time(decision.idleSince)}`,
    `deadline       ${time(decision.deadline)}`,
    `next decision  ${time(decision.nextDecisionAt)}`,
    `has            ${decision.plannedStop ? `${time(decision.plannedStop.at)} (${decision.plannedStop.cause})` : '-'}`,
    `plan           ${plan ? `${time(plan.at)} (${plan.cause})` : '-'}`,
    `notice due     ${notice}`,
    `restraints     ${restraints.join(', ') || '-'}`,
    `long running   ${longRunning ? `since ${time(longRunning.since)}` : '-'}`,
    '',
    ...decision.rules.map(
      ({ rule, outcome, detail }) => `${outcome.padEnd(7)}  ${rule.padEnd(WIDEST_RULE)}  ${detail}`,
    ),
    '',
    ...(decision.wouldHaveToChange.length > 0
      ? ['would have to change:', ...decision.wouldHaveToChange.map((sentence) => `- ${sentence}`)]
      : ['nothing would have to change']),
    '',
  ].join('\n');
}

describe('the decision about a worker', () => {
  const names = Object.keys(SITUATIONS);

  it.each(names)('is as it is written down, where it is %s', (name) => {
    const input = SITUATIONS[name];
    if (!input) throw new Error(`there is no situation ${name}`);
    const text = textOf(decide(input));
    if (UPDATE) writeFileSync(fileOf(name), text);
    expect(text).toBe(readFileSync(fileOf(name), 'utf8'));
  });

  it('is written down for each situation, and for no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(names.map((name) => `${name}.txt`).sort());
  });
});
