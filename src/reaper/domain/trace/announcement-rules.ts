import { MINUTE } from '../../../kernel/clocks';
import { type Course, findPlan } from '../judgement/course';
import { type IdleDecisionInput } from '../signals/idle-input';
import { leastWarningMinutes } from '../policy/idle-policy';
import { type IdleWindow } from '../judgement/idle-window';
import { findNoticed, noticedBefore } from '../judgement/notice-due';
import { type Rule } from './rule';
import { roadsOf } from '../judgement/stop-roads';
import { duration, moment } from './words';

/** Whether the stop was announced, and its time has come. */
export function announcedRule(
  input: IdleDecisionInput,
  window: IdleWindow | null,
  course: Course | null,
): Rule {
  const rule = 'announced';
  const { dryRun, warningStagesMinutes } = input.policy;
  if (!course?.announced || course.at === null) {
    const detail = `Stop: ${notAnnounced(input, window, course)}.`;
    return { rule, outcome: 'fail', detail, remedy: remedyFor(input) };
  }
  const at = moment(new Date(course.at));
  const has = course.at <= input.now.getTime();
  const how = dryRun
    ? 'on trial, and would be announced for'
    : warningStagesMinutes.length === 0
      ? 'not announced, as the policy asks; it is due at'
      : 'announced for';
  if (has) return { rule, outcome: 'pass', detail: `Stop: ${how} ${at}, which has come.`, remedy: null };
  const remedy = `The announced time, ${at}, would have to come.`;
  return { rule, outcome: 'fail', detail: `Stop: ${how} ${at}.`, remedy };
}

function remedyFor({ policy }: IdleDecisionInput): string {
  const least = leastWarningMinutes(policy);
  return least > 0
    ? `The stop would have to be announced, ${duration(least * MINUTE)} ahead at least.`
    : 'The time of the stop would have to come.';
}

function notAnnounced(input: IdleDecisionInput, window: IdleWindow | null, course: Course | null): string {
  const { worker, calendar, now } = input;
  const quiet = calendar.quietAt(now);
  const soon = course?.near && course.at !== null ? `; now for ${moment(new Date(course.at))}` : '';
  const untold = quiet ? `, and nobody is told anything inside "${quiet.name}"${untilOf(quiet)}` : '';
  if (!worker.plannedStop && soon) return `to be announced${soon.slice(1)}`;
  if (!worker.plannedStop) return `not announced${untold}`;
  return `announced for ${moment(worker.plannedStop.at)}, but ${whyNot(input, window, course)}${soon}${untold}`;
}

function untilOf({ until }: { readonly until: Date | null }): string {
  return until ? ` until ${moment(until)}` : '';
}

function whyNot(input: IdleDecisionInput, window: IdleWindow | null, course: Course | null): string {
  const road = roadsOf(input, window).find(({ cause }) => cause === course?.cause);
  if (!road) return 'a sign of use is active or unknown now';
  switch (findPlan(road, input)) {
    case 'other-cause':
      return 'for another cause';
    case 'forbidden':
      return 'the calendar forbids that time';
    case 'too-old':
      return 'that is too long ago';
    case 'interrupted':
    case 'stands':
    case 'none':
      return 'it was not idle throughout';
  }
}

/** Whether people were told of the announced stop early enough. */
export function noticedRule(input: IdleDecisionInput, course: Course | null): Rule {
  const rule = 'noticed';
  const { policy, worker } = input;
  const announced = course?.announced ? course.at : null;
  if (!policy.noticeRequired || policy.warningStagesMinutes.length === 0) {
    return { rule, outcome: 'pass', detail: 'Notice: the policy asks for none.', remedy: null };
  }
  if (announced === null) return { rule, outcome: 'unknown', detail: 'Notice: none yet.', remedy: null };
  if (policy.dryRun) return { rule, outcome: 'pass', detail: 'Notice: none, on trial.', remedy: null };
  const ofThis = worker.notices.filter(({ deadline }) => deadline.getTime() === announced);
  const first = ofThis.find(({ deliveredAt }) => deliveredAt !== null);
  const told = first?.deliveredAt
    ? `delivered at ${moment(first.deliveredAt)}, ${first.stageMinutes} min ahead by its stage`
    : ofThis.length === 0
      ? 'nobody was told'
      : `none of ${ofThis.length} was delivered`;
  if (findNoticed(announced, input) === 'told') {
    return { rule, outcome: 'pass', detail: `Notice: ${told}.`, remedy: null };
  }
  const latest = moment(new Date(noticedBefore(announced, input)));
  return {
    rule,
    outcome: 'fail',
    detail: `Notice: ${told}; one is needed by ${latest}.`,
    remedy: 'A notice of the stop would have to be delivered in time.',
  };
}
