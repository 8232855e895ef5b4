import { type DriftPolicy } from '../../../src/workers/domain/worker-state';
import { type Bench } from '../bench/bench';
import { harmsAtAnyTime, lacks, leaks } from '../bench/judge';
import { type Ledger } from './ledger';

/** What is wrong at the end of a scenario. */
export async function verdict(bench: Bench, ledger: Ledger, policy: DriftPolicy): Promise<string[]> {
  const harms = [...(await harmsAtAnyTime(bench)), ...(await leaks(bench))];
  for (const worker of await bench.workers()) {
    const { id, desired, status, releasedAt } = worker;
    if (releasedAt) continue;
    const wanted = ledger.wantedOf(id);
    if (wanted && status !== 'TERMINATED' && desired.state !== wanted) {
      harms.push(`${id}: a person asked for ${wanted}, and ${desired.by} made it ${desired.state}`);
    }
    const followed = policy === 'follow' && status !== 'TERMINATED' ? ledger.followedOf(id) : null;
    if (followed && desired.state !== followed) {
      harms.push(`${id}: it was made ${followed} in AWS, and ${desired.by} made it ${desired.state}`);
    }
    if (wanted && wanted !== 'TERMINATED' && status === 'TERMINATED') {
      harms.push(`${id}: a person asked for ${wanted}, and it is TERMINATED`);
    }
    // a stop that nobody but the program wants waits until CML says that no labs run, and nobody reads CML here
    const waits = desired.by === 'system:drift' && desired.state === 'STOPPED';
    // a tag of a change that was half done, and then replaced by another one, is left behind: `leftTag` is not asked
    const lack = waits ? null : lacks(bench, worker);
    if (lack) harms.push(lack);
  }
  return harms;
}
