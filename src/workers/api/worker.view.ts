import { z } from 'zod';
import { answeredTime } from '../../http';
import { canConnect } from '../domain/cml-worker';
import { isSnoozed } from '../domain/stop-guards';
import { awaitsLabs, stopBy } from '../domain/forced-stop';
import { awaitsPreparation, leavesLicense, releaseBy } from '../domain/termination';
import {
  ACTIVITY_SOURCES,
  LICENSE_ENDS,
  STOP_CAUSES,
  USE_KINDS,
  type WorkerState,
} from '../domain/worker-state';
import { CMLServiceStatus, CMLWorkerStatus, DesiredState, LicenseStatus } from '../domain/worker-status';

const time = answeredTime.nullable();
const percent = z.number().min(0).max(100).nullable().describe('0–100; null is unknown');

const statusReason = z
  .object({ code: z.string(), message: z.string(), at: answeredTime, nextTryAt: time })
  .meta({ id: 'StatusReason', description: 'Why the worker is not as wanted yet' });
const serviceReason = z
  .object({ code: z.string(), message: z.string(), at: answeredTime })
  .meta({ id: 'ServiceReason', description: 'Why CML cannot be used, and what helps' });
const protection = z
  .object({ by: z.string(), reason: z.string(), at: answeredTime, expiresAt: time })
  .meta({ id: 'Protection', description: 'No automatic stop until lifted' });
const plannedStop = z
  .object({ at: answeredTime, reason: z.string(), cause: z.enum(STOP_CAUSES) })
  .meta({ id: 'PlannedStop', description: 'The automatic stop that is announced' });

const lastUse = z
  .object({ kind: z.enum(USE_KINDS), by: z.string(), at: answeredTime })
  .meta({ id: 'WorkerUse', description: 'What a person last did through this API that shows use of it' });
const fence = z
  .object({
    decisionId: z.string(),
    at: answeredTime,
    until: answeredTime.describe('When it counts no more, by the clock of the machine'),
  })
  .meta({ id: 'Fence', description: 'No connection is offered: an automatic stop is under way' });
const forcedStop = z
  .object({
    waits: z.boolean().describe('For its labs to be stopped in order, and topologies to be kept'),
    stopBy: answeredTime.describe('When it does not wait any longer'),
    preparedAt: time,
    labsStopped: z.number().int().nullable().describe('Null is unknown'),
    topologiesKept: z.number().int().nullable().describe('Null is unknown'),
  })
  .meta({ id: 'ForcedStop', description: 'What comes before the instance is stopped by force' });

const termination = z
  .object({
    waits: z.boolean().describe('For topologies to be kept and the licence to be given back'),
    releaseBy: answeredTime.describe('When it does not wait any longer'),
    preparedAt: time,
    license: z.enum(LICENSE_ENDS).nullable().describe('What became of its licence; null before `preparedAt`'),
    topologiesKept: z.number().int().nullable().describe('Null is unknown'),
    warning: z.string().nullable().describe('What is lost by it, where that is known beforehand'),
  })
  .meta({ id: 'Termination', description: 'What comes before the instance is terminated' });

const check = z.enum(['ok', 'impaired', 'initializing', 'insufficient-data', 'not-applicable']).nullable();
const scheduledEvent = z
  .object({
    id: z.string().nullable(),
    code: z.string(),
    description: z.string().nullable(),
    notBefore: time,
    notAfter: time,
  })
  .meta({ id: 'ScheduledEvent', description: 'A retirement, maintenance or reboot that AWS has planned' });
const interruption = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'SpotInterruption', description: 'AWS takes the spot instance back' });

/** A worker as the API shows it. Unknown values are null, never 0 and never left out. */
export const workerView = z
  .object({
    id: z.uuid(),
    version: z.number().int().describe('Counts changes of intent and by people; the ETag'),
    name: z.string(),
    awsRegion: z.string(),
    awsInstanceId: z.string().nullable(),
    instanceType: z.string(),
    amiId: z.string().nullable(),
    amiName: z.string().nullable(),
    status: z.enum(CMLWorkerStatus).describe("The EC2 instance's state, as observed"),
    desiredState: z.enum(DesiredState).describe('What people, or the reaper, want'),
    serviceStatus: z.enum(CMLServiceStatus).describe("The CML server's state, as observed"),
    serviceReason: serviceReason.nullable(),
    cmlVersion: z.string().nullable(),
    licenseStatus: z.enum(LicenseStatus),
    httpsEndpoint: z.string().nullable(),
    publicIp: z.string().nullable(),
    privateIp: z.string().nullable(),
    canConnect: z.boolean(),
    statusReason: statusReason.nullable(),
    lastActivityAt: time,
    lastActivitySource: z.enum(ACTIVITY_SOURCES).nullable().describe('Where it was seen; null is unknown'),
    lastActivityKind: z
      .string()
      .nullable()
      .describe("CML's word for what people did, or lab-running, lab-changed, cpu, start; a kind of use"),
    activeLabsCount: z.number().int().nullable(),
    cpuUtilization: percent,
    memoryUtilization: percent,
    tags: z.record(z.string(), z.string()),
    snoozedUntil: time,
    protection: protection.nullable(),
    plannedStop: plannedStop.nullable(),
    fence: fence.nullable(),
    lastUse: lastUse.nullable().describe('Null: nothing that is known of'),
    forcedStop: forcedStop.nullable().describe('Null unless it is wanted STOPPED by force, and not at once'),
    termination: termination.nullable().describe('Null unless it is wanted TERMINATED'),
    idlePolicyId: z.string().nullable(),
    driftPolicy: z.enum(['follow', 'enforce']).nullable().describe("Null is the fleet's"),
    market: z.enum(['on-demand', 'spot']).nullable(),
    template: z
      .object({ id: z.uuid(), name: z.string(), version: z.number().int() })
      .nullable()
      .describe('By which it was created, as that was then'),
    checks: z
      .object({ system: check, instance: check })
      .nullable()
      .describe("EC2's own checks of host and instance")
      .meta({ id: 'StatusChecks' }),
    scheduledEvents: z.array(scheduledEvent).describe('What AWS is going to do to the instance'),
    interruption: interruption.nullable(),
    certificate: z
      .object({ pinned: z.string().nullable(), presented: z.string().nullable(), changedAt: time })
      .meta({ id: 'Certificate', description: 'SHA-256 fingerprints; `presented` waits for a person' }),
    cmlUsername: z
      .string()
      .nullable()
      .describe("Of the account by which its CML server is asked; null: the fleet's"),
    createdAt: answeredTime,
    updatedAt: answeredTime,
    terminatedAt: time,
    createdBy: z.string(),
    terminatedBy: z.string().nullable(),
  })
  .meta({ id: 'WorkerView' });

export type WorkerView = z.input<typeof workerView>;

/** `now` is fleet time: a snooze that is over is none. */
export function toView(state: WorkerState, now: Date): WorkerView {
  return {
    ...state,
    scheduledEvents: [...state.scheduledEvents],
    template: state.launch?.template ?? null,
    forcedStop: forcedStopOf(state, now),
    termination: terminationOf(state, now),
    version: state.revision,
    desiredState: state.desired.state,
    canConnect: canConnect(state),
    cmlUsername: state.cmlCredentials?.username ?? null,
    snoozedUntil: isSnoozed(state, now) ? (state.snooze?.until ?? null) : null,
  };
}

const LICENSE_STAYS =
  'Its licence is not given back, and stays in use at Cisco until a person removes it there: only a server that runs, and is not terminated by force, can give it back.';

function forcedStopOf(state: WorkerState, now: Date): WorkerView['forcedStop'] {
  const { desired, status, stopPrepared } = state;
  if (desired.state !== 'STOPPED' || !desired.stopLabs) return null;
  const isOurs = stopPrepared?.intentAt.getTime() === desired.at.getTime();
  const { preparedAt = null, labsStopped = null, topologiesKept = null } = (isOurs && stopPrepared) || {};
  const waits = (status === 'RUNNING' || status === 'PENDING') && awaitsLabs(state, now);
  return { waits, stopBy: stopBy(state), preparedAt, labsStopped, topologiesKept };
}

function terminationOf(state: WorkerState, now: Date): WorkerView['termination'] {
  const { desired, status, terminationPrepared } = state;
  if (desired.state !== 'TERMINATED') return null;
  const isOurs = terminationPrepared?.intentAt.getTime() === desired.at.getTime();
  const { preparedAt = null, license = null, topologiesKept = null } = (isOurs && terminationPrepared) || {};
  const waits = (status === 'RUNNING' || status === 'PENDING') && awaitsPreparation(state, now);
  const warning = leavesLicense(state) ? LICENSE_STAYS : null;
  return { waits, releaseBy: releaseBy(desired), preparedAt, license, topologiesKept, warning };
}

/** What the documentation shows as an answer. */
export const WORKER_EXAMPLE = {
  id: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  version: 2,
  name: 'routing-course',
  awsRegion: 'us-east-1',
  awsInstanceId: 'i-0a1b2c3d4e5f60718',
  instanceType: 'm5zn.metal',
  amiId: 'ami-0c0ffee0c0ffee000',
  amiName: 'cml-2.9.0',
  status: 'RUNNING',
  desiredState: 'RUNNING',
  serviceStatus: 'AVAILABLE',
  serviceReason: null,
  cmlVersion: '2.9.0+build.3',
  licenseStatus: 'UNREGISTERED',
  httpsEndpoint: 'https://203.0.113.17',
  publicIp: '203.0.113.17',
  privateIp: '10.0.3.17',
  canConnect: true,
  statusReason: null,
  lastActivityAt: '2027-01-15T09:41:00.000Z',
  lastActivitySource: 'cml-labs',
  lastActivityKind: 'lab-running',
  activeLabsCount: 1,
  cpuUtilization: 23.5,
  memoryUtilization: 41.2,
  tags: { course: 'routing' },
  snoozedUntil: null,
  protection: null,
  plannedStop: null,
  fence: null,
  lastUse: { kind: 'connection', by: 'user:ann', at: '2027-01-15T09:30:00.000Z' },
  forcedStop: null,
  termination: null,
  idlePolicyId: null,
  driftPolicy: null,
  market: 'on-demand',
  template: { id: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f', name: 'routing-course', version: 3 },
  checks: { system: 'ok', instance: 'ok' },
  scheduledEvents: [],
  interruption: null,
  certificate: { pinned: 'AB:CD:EF', presented: null, changedAt: null },
  cmlUsername: null,
  createdAt: '2027-01-15T08:00:00.000Z',
  updatedAt: '2027-01-15T09:41:07.000Z',
  terminatedAt: null,
  createdBy: 'api-key:5d1d4f0a-58a2-4a4b-9f0c-0d4b1c8c2f35',
  terminatedBy: null,
};
