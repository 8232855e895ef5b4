import { z } from 'zod';
import { answeredTime } from '../../http';
import { type WorkerObservations } from '../application/get-observations.query';
import { supportOf } from '../domain/cml-versions';
import { freshnessOf } from '../domain/freshness';
import {
  type ActivityValues,
  type CloudWatchValues,
  type Ec2Values,
  type LabsValues,
  type MetricPoint,
  type Observation,
  type Source,
  type SystemValues,
} from '../domain/observation';
import { licenseFeature } from './license-feature.schema';
import { signalsView, toSignalsView } from './signals.view';

const time = answeredTime.nullable();
const percent = z.number().nullable().describe('0–100; null is unknown');
const text = z.string().nullable();

export const observationError = z
  .object({ code: z.string(), message: z.string(), at: answeredTime })
  .meta({ id: 'ObservationError', description: 'Why the latest reading failed; values before it stay' });

const plannedByAws = z
  .object({
    id: text,
    code: z.string().describe('instance-retirement, instance-stop, instance-reboot, system-reboot, …'),
    description: text,
    notBefore: time,
    notAfter: time,
  })
  .meta({ id: 'PlannedByAws' });
const checks = z.object({ system: text, instance: text }).meta({ id: 'Ec2Checks' });
const interruption = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Ec2Interruption' });
const ec2Values = z
  .object({
    status: z.string(),
    publicIp: text,
    privateIp: text,
    instanceType: text,
    missingSince: time.describe('Since when EC2 says that it does not know the instance'),
    checks: checks.nullable().describe("EC2's own checks: ok, impaired, initializing, …; null is unknown"),
    scheduledEvents: z
      .array(plannedByAws)
      .nullable()
      .describe('What AWS is going to do to the instance; null is unknown'),
    healthObservedAt: time.describe('When checks and scheduledEvents were read'),
    interruption: interruption.nullable().describe('AWS takes the spot instance back'),
  })
  .meta({ id: 'Ec2Values' });
const metric = z
  .object({
    value: z.number(),
    at: answeredTime.describe("When the point's period begins"),
    ageSeconds: z.number().int().describe('Since then: a value is as old as its point, whenever it was read'),
  })
  .meta({ id: 'MetricPoint' })
  .nullable();
const cloudWatchValues = z
  .object({
    cpuUtilization: metric.describe('Percent of the whole host'),
    memoryUtilization: metric.describe("Percent; from CloudWatch's agent"),
    networkInBytesPerSecond: metric,
    networkOutBytesPerSecond: metric,
    statusCheckFailed: metric.describe("1 where one of EC2's checks failed, else 0"),
  })
  .meta({ id: 'CloudWatchValues', description: 'The newest points; null is unknown, never 0' });
const versionSupport = z
  .object({ level: z.enum(['supported', 'warned', 'refused']), message: text })
  .meta({ id: 'VersionSupport', description: 'Whether the fleet works with this version of CML' });
const systemValues = z
  .object({
    version: text,
    versionSupport: versionSupport.nullable().describe('null: the server names no version'),
    ready: z.boolean().nullable(),
    healthy: z.boolean().nullable(),
    licensed: z.boolean().nullable(),
    cpuPercent: percent,
    memoryPercent: percent,
    diskPercent: percent,
    runningNodes: z.number().nullable(),
  })
  .meta({ id: 'CmlSystemValues' });
const labSummary = z
  .object({
    id: z.string(),
    title: text,
    owner: text,
    state: z.string(),
    nodeCount: z.number().nullable(),
    modifiedAt: time.describe("When it was last changed, by the server's clock"),
  })
  .meta({ id: 'LabSummary' });
const labsValues = z
  .object({ total: z.number(), running: z.number(), labs: z.array(labSummary) })
  .meta({ id: 'CmlLabsValues' });
const activityValues = z
  .object({
    newestActivityAt: time.describe('When a person last did something'),
    newestCategory: text,
    newestActAt: time.describe('Of that, the newest act on a lab or node'),
    newestSessionAt: time.describe('And the newest login or use of the server'),
    watermark: time.describe('Time of the newest event of any kind'),
    everSeen: z.boolean().describe('Whether the server ever reported an event'),
  })
  .meta({ id: 'CmlActivityValues' });
const licenseValues = z
  .object({
    registration: text,
    authorization: text,
    registrationExpires: time,
    authorizationExpires: time,
    failure: text.describe('Why the latest registration or renewal failed, in the words of the server'),
    smartAccount: text,
    virtualAccount: text,
    productLicense: text,
    smartServer: text.describe("An on-premises Smart Licensing server; null: Cisco's own, or not said"),
    features: z.array(licenseFeature),
  })
  .meta({ id: 'CmlLicenseValues' });

const observationOf = <V extends z.ZodType>(name: string, values: V) =>
  z
    .object({
      state: z.enum(['fresh', 'stale', 'missing']).describe('`missing`: it never answered, or has no value'),
      observedAt: time,
      ageSeconds: z.number().int().nullable(),
      sweepId: z.string().nullable().describe('The sweep that the values were read in; null: read alone'),
      values: values.nullable(),
      lastError: observationError.nullable(),
    })
    .meta({ id: `${name}Observation` });

const sources = z
  .object({
    ec2: observationOf('Ec2', ec2Values),
    cloudwatch: observationOf('CloudWatch', cloudWatchValues),
    'cml-system': observationOf('CmlSystem', systemValues),
    'cml-labs': observationOf('CmlLabs', labsValues),
    'cml-activity': observationOf('CmlActivity', activityValues),
    'cml-license': observationOf('CmlLicense', licenseValues),
  })
  .meta({ id: 'ObservedSources' });

export const observationsView = z
  .object({
    workerId: z.uuid(),
    at: answeredTime.describe('The fleet time that ages are counted to'),
    sources,
    signals: signalsView,
  })
  .meta({ id: 'Observations', description: 'What each source last said, each with its own age and error' });

export type ObservationsView = z.input<typeof observationsView>;

/** `maximalAgeMs` per source: from which age on its values are stale. */
export function toObservationsView(
  workerId: string,
  { observations, signals }: WorkerObservations,
  now: Date,
  maximalAgeMs: (source: Source) => number,
): ObservationsView {
  const show = <S extends Source>(source: S, observation: Observation<S> | undefined) => ({
    state: freshnessOf(observation, now, maximalAgeMs(source)),
    observedAt: observation?.observedAt ?? null,
    ageSeconds: ageSeconds(observation, now),
    sweepId: observation?.sweepId ?? null,
    values: observation?.values ?? null,
    lastError: observation?.lastError ?? null,
  });
  const cloudwatch = show('cloudwatch', observations.cloudwatch);
  const ec2 = show('ec2', observations.ec2);
  const system = show('cml-system', observations['cml-system']);
  const labs = show('cml-labs', observations['cml-labs']);
  const activity = show('cml-activity', observations['cml-activity']);
  const license = show('cml-license', observations['cml-license']);
  return {
    workerId,
    at: now,
    sources: {
      ec2: { ...ec2, values: ec2.values && ec2View(ec2.values, ec2.observedAt) },
      cloudwatch: { ...cloudwatch, values: cloudwatch.values && metricsView(cloudwatch.values, now) },
      'cml-system': { ...system, values: system.values && systemView(system.values) },
      'cml-labs': { ...labs, values: labs.values && labsView(labs.values) },
      'cml-activity': { ...activity, values: activity.values && activityView(activity.values) },
      'cml-license': {
        ...license,
        values: license.values && { ...license.values, features: [...license.values.features] },
      },
    },
    signals: toSignalsView(signals, now, maximalAgeMs('ec2')),
  };
}

function systemView(values: SystemValues) {
  return { ...values, versionSupport: supportOf(values.version) };
}

// what the readings of an earlier version lack is unknown

function labsView({ labs, ...counts }: LabsValues) {
  return { ...counts, labs: labs.map((lab) => ({ ...lab, modifiedAt: lab.modifiedAt ?? null })) };
}

function activityView({ newestActAt = null, newestSessionAt = null, ...values }: ActivityValues) {
  return { ...values, newestActAt, newestSessionAt };
}

function metricsView(values: CloudWatchValues, now: Date) {
  // what an earlier version stored was a bare number, without a time
  const show = (point: MetricPoint | null | undefined) =>
    point?.at ? { value: point.value, at: point.at, ageSeconds: secondsSince(point.at, now) } : null;
  return {
    cpuUtilization: show(values.cpuUtilization),
    memoryUtilization: show(values.memoryUtilization),
    networkInBytesPerSecond: show(values.networkInBytesPerSecond),
    networkOutBytesPerSecond: show(values.networkOutBytesPerSecond),
    statusCheckFailed: show(values.statusCheckFailed),
  };
}

/** One that an earlier version stored has no health. */
function ec2View({ healthReadAt, ...values }: Ec2Values, observedAt: Date | null) {
  const { checks = null, scheduledEvents = null, interruption = null } = values;
  const healthObservedAt = checks && (healthReadAt ?? observedAt);
  const events = scheduledEvents && [...scheduledEvents];
  return { ...values, checks, scheduledEvents: events, healthObservedAt, interruption };
}

function ageSeconds(observation: Observation | undefined, now: Date): number | null {
  const observedAt = observation?.observedAt ?? null;
  return observedAt && secondsSince(observedAt, now);
}

function secondsSince(time: Date, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - time.getTime()) / 1000));
}
