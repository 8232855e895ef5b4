import { type Leftover, type LivingWorker } from '../domain/leftover';
import { type Suspect } from '../domain/orphan';
import { type CompleteListing } from '../domain/ports';

export const REGION = 'eu-west-1';
export const OURS = '0f3f2b3c-9a2e-4e0b-8a55-8c1f0a3b6c7d';
export const NOW = new Date('2027-01-15T12:00:00.000Z');

/** A running instance with our tags that has been there for long, but for what is stated. */
export function aLeftover(given: Partial<Leftover> = {}): Leftover {
  return {
    resourceId: 'i-1',
    isManaged: true,
    isLoose: true,
    workerId: null,
    installationId: OURS,
    name: 'lab',
    awsInstanceId: 'i-1',
    instanceType: 'c5.metal',
    status: 'running',
    sizeGiB: null,
    publicIp: null,
    since: new Date('2027-01-14T12:00:00.000Z'),
    clientToken: null,
    ...given,
  };
}

export function aLivingWorker(given: Partial<LivingWorker> = {}): LivingWorker {
  return { id: 'w-1', awsRegion: REGION, awsInstanceId: null, launchToken: null, ...given };
}

export function aSuspect(given: Partial<Suspect> = {}): Suspect {
  return {
    kind: 'instance-without-worker',
    awsRegion: REGION,
    resourceId: 'i-1',
    installationId: null,
    details: {
      ...{ name: 'lab', workerId: null, awsInstanceId: 'i-1', instanceType: 'c5.metal' },
      ...{ status: 'running', sizeGiB: null, publicIp: null, since: NOW },
    },
    ...given,
  };
}

/** A complete listing of instances in which these were seen. */
export function aListing(listedAt: Date, ids: readonly string[], given: Partial<CompleteListing> = {}) {
  const kind = given.kind ?? 'instance-without-worker';
  const awsRegion = given.awsRegion ?? REGION;
  const suspects = ids.map((resourceId) => aSuspect({ kind, awsRegion, resourceId }));
  return { kind, awsRegion, listedAt, suspects, foreign: 0, ...given } satisfies CompleteListing;
}
