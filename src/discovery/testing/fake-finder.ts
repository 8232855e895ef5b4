import { type DiscoveryFilter, type FoundInstance } from '../domain/discovery';
import { InstanceFinder } from '../domain/ports';

export function aFound(awsInstanceId: string, given: Partial<FoundInstance> = {}): FoundInstance {
  return {
    ...{ awsRegion: 'eu-west-1', awsInstanceId, name: 'lab', instanceType: 'c5.metal' },
    ...{ status: 'RUNNING', amiId: 'ami-1', installationId: null },
    ...given,
  };
}

/** EC2 as pages by region; an Error is what the region answers at that point. */
export class FakeFinder extends InstanceFinder {
  readonly pages = new Map<string, readonly (readonly FoundInstance[] | Error)[]>();
  readonly asked: [string, DiscoveryFilter][] = [];

  async *find(region: string, filter: DiscoveryFilter): AsyncIterable<readonly FoundInstance[]> {
    this.asked.push([region, filter]);
    for (const page of this.pages.get(region) ?? []) {
      await Promise.resolve();
      if (page instanceof Error) throw page;
      yield page;
    }
  }
}
