import { type WorkerRecord } from '../domain/ports';
import { type LaunchSettings } from '../domain/launch-settings';
import { type LaunchRequest, type PlannedStop } from '../domain/worker-state';
import { type FirstLaunchSettings, launchOf, sentBy } from './worker-upcasters';

/** What the first versions did not know of: as it is before the first event that tells of it. */
const OF_EARLIER_VERSIONS = {
  appliedTags: null,
  driftPolicy: null,
  nextPlacement: 0,
  overdue: null,
  checks: null,
  scheduledEvents: [],
  interruption: null,
  serviceReason: null,
  // it may have been AVAILABLE long ago: a person decides
  certificateMayChange: false,
  lastActivitySource: null,
  lastActivityKind: null,
  fence: null,
  lastUse: null,
  terminationPrepared: null,
  stopPrepared: null,
  cmlCredentials: null,
} satisfies Partial<WorkerRecord>;

const LACKING = Object.entries(OF_EARLIER_VERSIONS) as [keyof typeof OF_EARLIER_VERSIONS, unknown][];

type Stored = { -readonly [Member in keyof WorkerRecord]?: unknown } & Pick<
  WorkerRecord,
  'awsInstanceId' | 'instanceType' | 'launchAttempt' | 'updatedAt'
>;

/**
 * Gives a document that an earlier version wrote, in place, what it lacks: as replay would, by the upcasters and
 * `evolve`, as far as the document tells. Such a one stays until the worker's next event, and so for weeks of a stopped
 * worker. A present document, of which a sweep reads thousands, is asked for a few members and left as it is.
 */
export function completeEarlier(document: Stored): void {
  for (const [member, before] of LACKING) {
    if (document[member] === undefined) document[member] = before;
  }
  // whatever moved it last may have been its change of status: later is safer, for it counts how long that lasts
  if (document.statusAt === undefined) document.statusAt = document.updatedAt;
  if (document.market === undefined) document.market = marketOf(document);
  const launch = document.launch as FirstLaunchSettings | Pick<LaunchSettings, 'instanceTypes'>;
  if (!('instanceTypes' in launch)) document.launch = launchOf(document.instanceType, launch);
  const plan = document.plannedStop as PlannedStop | null;
  if (plan && !('cause' in plan)) document.plannedStop = { ...(plan as object), cause: 'idle' };
  const request = document.launchRequest as Pick<LaunchRequest, 'body'> | null;
  if (request && !('placement' in request)) {
    document.launchRequest = { ...request, ...sentBy(request.body) };
  }
}

/** They launched on demand only; what they imported, EC2 was not asked about. */
function marketOf({ awsInstanceId, launchAttempt }: Stored): WorkerRecord['market'] {
  return launchAttempt === 0 && awsInstanceId !== null ? null : 'on-demand';
}
