import { type WorkerOrder } from '../../../src/workers/application/create-worker.command';
import { type LaunchWish } from '../../../src/workers/domain/launch-order';

/** What somebody orders who wants nothing special. */
export function anOrder(name: string, awsRegion: string, wish: Partial<LaunchWish> = {}): WorkerOrder {
  const plain = { instanceTypes: ['c5.2xlarge'], subnetIds: null, securityGroupIds: null, market: null };
  const image = { amiId: null, amiName: 'cml-*', amiOwners: null, tags: {}, cmlVersion: null };
  return {
    ...{ name, awsRegion, template: null, driftPolicy: null, protect: false },
    wish: { ...plain, ...image, ...wish },
  };
}
