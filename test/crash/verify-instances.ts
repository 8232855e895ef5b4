import { type Simulator } from '../../src/simulator/start-simulator';
import { REGION } from '../support/fleet-process';

/** What is wrong in AWS: each worker must have got exactly one instance, whoever asked for it how often. */
export function verifyInstances(
  { world }: Simulator,
  workers: readonly { id: string; awsInstanceId: string | null }[],
) {
  const now = world.options.clock.now();
  const owned = new Map<string, string[]>();
  for (const instance of world.region(REGION)?.instances ?? []) {
    const owner = instance.tags.at(now)?.get('cml-fleet:worker-id') ?? 'nobody';
    owned.set(owner, [...(owned.get(owner) ?? []), instance.id]);
  }
  const faults: string[] = [];
  for (const { id, awsInstanceId } of workers) {
    const instances = owned.get(id) ?? [];
    owned.delete(id);
    if (instances.length > 1) faults.push(`worker ${id} has the instances ${instances.join(', ')}`);
    if (awsInstanceId !== (instances[0] ?? null))
      faults.push(`worker ${id} knows ${awsInstanceId}, not ${instances[0]}`);
  }
  return [...faults, ...[...owned].map(([owner, ids]) => `${ids.join(', ')} belong to ${owner}`)];
}
