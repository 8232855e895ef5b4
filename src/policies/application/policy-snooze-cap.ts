import { type PolicySource, type PolicySubject } from '../../reaper';
import { SnoozeCap } from '../../workers';

/** As the worker's effective policy has it. */
export class PolicySnoozeCap extends SnoozeCap {
  constructor(private readonly policies: PolicySource) {
    super();
  }

  minutesFor(worker: PolicySubject): number {
    return this.policies.of(worker).policy.snoozeCapMinutes;
  }
}
