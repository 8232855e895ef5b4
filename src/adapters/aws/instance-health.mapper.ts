import {
  type InstanceStatus,
  type InstanceStatusEvent,
  type InstanceStatusSummary,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import {
  type InstanceHealth,
  type ScheduledEvent,
  type SpotInterruption,
  type StatusCheck,
} from '../../workers';

const CHECKS: readonly string[] = [
  'ok',
  'impaired',
  'initializing',
  'insufficient-data',
  'not-applicable',
] satisfies StatusCheck[];

/** For up to a week EC2 still shows an event that is over, and says so in its description only (SDK). */
const OVER = /^\[(Completed|Canceled)\]/;

/** Codes of a request whose instance AWS takes back; what a user ended is no interruption. */
const TAKEN_BACK = /^(marked-for|instance-terminated|instance-stopped)-(?!by-user$)/;

/** What DescribeInstanceStatus says of one instance. */
export function healthOf({ SystemStatus, InstanceStatus, Events }: InstanceStatus): InstanceHealth {
  return {
    checks: { system: checkOf(SystemStatus), instance: checkOf(InstanceStatus) },
    scheduledEvents: (Events ?? []).filter(({ Description = '' }) => !OVER.test(Description)).map(eventOf),
  };
}

/** Null where AWS lets the instance be, and for a request that has none (any more). */
export function interruptionOf({ Status }: SpotInstanceRequest): SpotInterruption | null {
  const { Code = '', Message } = Status ?? {};
  return TAKEN_BACK.test(Code) ? { code: Code, message: Message ?? Code } : null;
}

function checkOf(summary: InstanceStatusSummary | undefined): StatusCheck | null {
  const status = summary?.Status ?? '';
  return CHECKS.includes(status) ? (status as StatusCheck) : null;
}

function eventOf({
  InstanceEventId,
  Code,
  Description,
  NotBefore,
  NotAfter,
}: InstanceStatusEvent): ScheduledEvent {
  return {
    id: InstanceEventId || null,
    code: Code ?? 'unknown',
    description: Description || null,
    notBefore: NotBefore ?? null,
    notAfter: NotAfter ?? null,
  };
}
