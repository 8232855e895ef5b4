import { type WorkerOrder } from '../../../src/workers/application/create-worker.command';
import { plainLaunch } from '../../../src/workers/domain/launch-settings';

/** What somebody orders who wants nothing special. */
export function anOrder(name: string, given: Partial<WorkerOrder> = {}): WorkerOrder {
  const instanceType = given.launch?.instanceTypes[0] ?? 'c5.2xlarge';
  return {
    ...{ name, awsRegion: 'eu-west-1', instanceType, amiId: null, amiName: 'cml-*', cmlVersion: null },
    ...{ launch: plainLaunch(instanceType), driftPolicy: null, tags: {}, protect: false },
    ...given,
  };
}
