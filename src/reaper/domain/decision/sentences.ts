import { MINUTE } from '../../../kernel/clocks';
import { type IdleDecision } from './decision';
import { duration, moment } from '../trace/words';

/** What people read about an announced stop: on the worker, in its history, and in the notice. */
export function announcement(decision: IdleDecision): string {
  const at = decision.deadline ? ` at ${moment(decision.deadline)}` : '';
  const unless = decision.cause === 'max-uptime' ? 'seen in use' : 'used';
  return `${grounds(decision)}: it is stopped${at} unless it is ${unless}, snoozed or protected before.`;
}

export function stopReason(decision: IdleDecision): string {
  const { cause, idleSince, at, policy } = decision;
  const lasted = idleSince ? ` (${duration(at.getTime() - idleSince.getTime())})` : '';
  switch (cause) {
    case 'max-uptime':
      return `${grounds(decision)}, and a live probe saw no use of it.`;
    case 'schedule':
      return `${grounds(decision)}${lasted}, and a live probe confirmed it.`;
    case 'idle':
    case null:
      return `${grounds(decision)}${lasted}, the threshold is ${policy.idleThresholdMinutes} min, and a live probe confirmed it.`;
  }
}

function grounds({ cause, idleSince, policy, inputs }: IdleDecision): string {
  const since = idleSince ? ` since ${moment(idleSince)}` : '';
  switch (cause) {
    case 'max-uptime': {
      const most = duration((policy.maxUptimeMinutes ?? 0) * MINUTE);
      const began = inputs.runningSince ? ` since ${moment(inputs.runningSince)}` : '';
      return `It has run${began}, its maximum uptime is ${most}, and it is not seen in use`;
    }
    case 'schedule':
      return `Its schedule asks for a stop, and nobody has used it${since}`;
    case 'idle':
    case null:
      return `Nobody has used it${since}`;
  }
}

export function callOffReason({ plannedStop }: IdleDecision, why: string): string {
  const planned = plannedStop ? `The stop planned for ${moment(plannedStop.at)}` : 'The planned stop';
  return `${planned} is called off. ${why}`;
}

/** `unknownForMs` is how long nobody could tell. */
export function alarm({ reason }: IdleDecision, unknownForMs: number): string {
  return `For ${duration(unknownForMs)} nobody can tell whether it is in use. ${reason} It is kept running.`;
}
