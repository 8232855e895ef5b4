import { ActivityReading } from '../../../src/adapters/cml/activity-reading';
import { MINUTE } from '../../../src/kernel/clocks';
import { withFoundAt } from '../../../src/telemetry/domain/newer-activity';
import {
  type ActivityValues,
  type Ec2Values,
  type LabsValues,
  type SystemValues,
} from '../../../src/telemetry/domain/observation';
import { type CMLWorkerStatus } from '../../../src/workers/domain/worker-status';
import { OBSERVER, type Server } from './server';

/** What a server answers instead of what is so. */
export interface Distortion {
  /** how many of its labs are listed, those that were changed longest ago first; null: all of them */
  listed: number | null;
  /** labs are listed as stopped that run */
  stoppedFlag: boolean;
  /** no labs, and no events: it answers, and says nothing */
  empty: boolean;
}

export const CLEAR: Distortion = { listed: null, stoppedFlag: false, empty: false };

export const CPU_IDLE_BELOW_PERCENT = 10;
const OWN = { userId: OBSERVER, builtInAdmin: false, logins: [], changes: [] };
const EC2_STATUS = {
  pending: 'PENDING',
  running: 'RUNNING',
  stopping: 'STOPPING',
  stopped: 'STOPPED',
} as const;

export function statusOf({ instance }: Server): CMLWorkerStatus {
  return EC2_STATUS[instance];
}

export function ec2Seen(server: Server): Ec2Values {
  return {
    ...{ status: statusOf(server), publicIp: null, privateIp: null, instanceType: null },
    ...{ missingSince: null, checks: null, scheduledEvents: null, healthReadAt: null, interruption: null },
  };
}

export function systemSeen(server: Server, at: Date): SystemValues {
  noteLoadSeen(server, at);
  const { cpuPercent, runningNodes } = server;
  return {
    ...{ version: '2.9.0', ready: true, healthy: true, licensed: true },
    ...{ cpuPercent, memoryPercent: 20, diskPercent: 20, runningNodes },
  };
}

/** What its answers showed the server remembers: by that the judge tells what nobody could see from what was overlooked. */
export function noteLoadSeen(server: Server, at: Date): void {
  if (server.cpuPercent >= CPU_IDLE_BELOW_PERCENT) server.shownBusyAt = at.getTime();
}

export function labsSeen({ labs }: Server, { listed, stoppedFlag, empty }: Distortion): LabsValues {
  const all = empty ? [] : [...labs];
  const shown = listed === null ? all : all.slice(0, listed);
  const summaries = shown.map(([id, { state, modifiedAt, nodes }]) => ({
    ...{ id, title: id, owner: 'ann', nodeCount: nodes, modifiedAt: new Date(modifiedAt) },
    state: stoppedFlag ? 'STOPPED' : state,
  }));
  const running = summaries.filter(({ state }) => state === 'STARTED').length;
  return { total: summaries.length, running, labs: summaries };
}

/** By the real reading of its event list, which knows the observer's own traces from a person's. */
export function activitySeen(
  server: Server,
  { empty }: Distortion,
  before: ActivityValues | null,
  at: Date,
): ActivityValues {
  const reading = new ActivityReading(before, OWN, at);
  if (!empty) {
    server.hasShownEvents ||= server.events.length > 0;
    for (const { category, at: time, userId } of server.events) {
      reading.add({ category, timestamp: new Date(time).toISOString(), data: { user_id: userId } });
    }
  }
  return withFoundAt(before, reading.values, at);
}

/** After a change this long every reading is looked at by itself: longer than an act is taken for recent. */
export const SETTLES_AFTER_MS = 5 * MINUTE;
