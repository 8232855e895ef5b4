import { AssignmentsSchedules } from './assignments';
import { EventStore } from './event-store';
import { type HealthProbe } from './http';
import { LicensePoolsSchedules } from './licensing';
import { MachineClock, MINUTE } from './kernel/clocks';
import { type TickState } from './kernel/tick';
import { OperationsSchedules } from './operations';
import { OrphansSchedules } from './orphans';
import { PoliciesSchedules } from './policies';
import { ReaperSchedules } from './reaper';
import { SecretsSchedules } from './secrets';
import { TelemetrySchedules } from './telemetry';
import { TemplatesSchedules } from './templates';
import { WorkersSchedules } from './workers';

/** A turn that takes longer hangs. */
const LONGEST_TURN_MS = 5 * MINUTE;

/** What /health/ready asks: the process can serve when its store answers and its ticks go round. */
export const PROBES = {
  inject: [
    EventStore,
    MachineClock,
    WorkersSchedules,
    TemplatesSchedules,
    PoliciesSchedules,
    TelemetrySchedules,
    ReaperSchedules,
    OperationsSchedules,
    OrphansSchedules,
    LicensePoolsSchedules,
    SecretsSchedules,
    AssignmentsSchedules,
  ],
  useFactory: (
    store: EventStore,
    clock: MachineClock,
    ...schedules: { readonly ticks: readonly { readonly state: TickState }[] }[]
  ): HealthProbe[] => [
    {
      name: 'store',
      check: async () => {
        await store.logEnd();
        return { healthy: true };
      },
    },
    {
      name: 'scheduler',
      check: () => {
        const states = schedules.flatMap(({ ticks }) => ticks.map(({ state }) => state));
        const late = states.filter((state) => isLate(state, clock.now())).map(({ name }) => name);
        const detail = late.length > 0 ? `late: ${late.join(', ')}` : undefined;
        return Promise.resolve({ healthy: late.length === 0, detail });
      },
    },
  ],
};

/** Whether a tick hangs, or did not come for three of its intervals and a minute. */
export function isLate({ running, startedAt, finishedAt, intervalMs }: TickState, now: Date): boolean {
  const since = running ? startedAt : finishedAt;
  if (!since) return false;
  const age = now.getTime() - since.getTime();
  return running ? age > LONGEST_TURN_MS : intervalMs !== null && age > 3 * intervalMs + MINUTE;
}
