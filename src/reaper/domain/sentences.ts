import { type IdleDecision } from './decision';
import { duration, moment } from './words';

/** What people read about an announced stop: on the worker, in its history, and in the notice. */
export function announcement({ idleSince, deadline }: IdleDecision): string {
  const since = idleSince ? ` since ${moment(idleSince)}` : '';
  const at = deadline ? ` at ${moment(deadline)}` : '';
  return `Nobody has used it${since}: it is stopped${at} unless it is used, snoozed or protected before.`;
}

export function stopReason({ idleSince, at, policy }: IdleDecision): string {
  const since = idleSince
    ? ` since ${moment(idleSince)} (${duration(at.getTime() - idleSince.getTime())})`
    : '';
  const threshold = `the threshold is ${policy.idleThresholdMinutes} min`;
  return `Nobody has used it${since}, ${threshold}, and a live probe confirmed it.`;
}

export function callOffReason({ plannedStop }: IdleDecision, why: string): string {
  const planned = plannedStop ? `The stop planned for ${moment(plannedStop.at)}` : 'The planned stop';
  return `${planned} is called off. ${why}`;
}

/** `unknownForMs` is how long nobody could tell. */
export function alarm({ reason }: IdleDecision, unknownForMs: number): string {
  return `For ${duration(unknownForMs)} nobody can tell whether it is in use. ${reason} It is kept running.`;
}
