import { MINUTE } from '../../../kernel/clocks';
import { type IdleDecisionInput } from '../signals/idle-input';
import { type Rule } from './rule';
import { findLabsRun, keptFromUptimeUntil, uptimeEndsAt } from '../judgement/stop-roads';
import { duration, moment } from './words';

/** The rules of the policy's maximum uptime; none where it has no such thing. */
export function uptimeRules(input: IdleDecisionInput): Rule[] {
  const { maxUptimeMinutes } = input.policy;
  return maxUptimeMinutes === null ? [] : [uptimeRule(input, maxUptimeMinutes), labsNotRunning(input)];
}

function uptimeRule(input: IdleDecisionInput, maxUptimeMinutes: number): Rule {
  const rule = 'max-uptime';
  const most = `Maximum uptime: ${duration(maxUptimeMinutes * MINUTE)}`;
  const endsAt = uptimeEndsAt(input);
  if (endsAt === null) {
    const detail = `${most}, but nobody knows since when it runs.`;
    return { rule, outcome: 'unknown', detail, remedy: null };
  }
  const keptUntil = keptFromUptimeUntil(input) ?? 0;
  const dueAt = new Date(Math.max(endsAt, keptUntil));
  const ends = `${input.now.getTime() < endsAt ? 'reached at' : 'over since'} ${moment(new Date(endsAt))}`;
  const keeps = keptUntil > endsAt ? `, and its last use keeps it until ${moment(dueAt)}` : '';
  const detail = `${most}, ${ends}${keeps}.`;
  if (input.now >= dueAt) return { rule, outcome: 'pass', detail, remedy: null };
  const remedy = `Its maximum uptime would have to be over, at ${moment(dueAt)}.`;
  return { rule, outcome: 'fail', detail, remedy };
}

function labsNotRunning(input: IdleDecisionInput): Rule {
  const rule = 'labs-not-running';
  const { lastLabs } = input.observations;
  const read = lastLabs ? `, at ${moment(lastLabs.at)}` : '';
  if (!findLabsRun(input)) {
    const detail = lastLabs
      ? `Labs: none was known to run when they were last read${read}.`
      : 'Labs: none was ever read to run.';
    return { rule, outcome: 'pass', detail, remedy: null };
  }
  const ran = lastLabs ? `${lastLabs.running} ran` : 'some ran';
  return {
    rule,
    outcome: 'fail',
    detail: `Labs: ${ran} when they were last read${read}, which keeps it whatever its uptime.`,
    remedy: 'Its labs would have to be read, and none of them running.',
  };
}
