import { type DiscoveryFilter, type FoundInstance } from './discovery';

/** EC2, as far as instances are looked for there. Every method throws ComputeError when AWS refuses. */
export abstract class InstanceFinder {
  /** All that fit and are not being terminated, page by page. Nothing, where no image has the name. */
  abstract find(region: string, filter: DiscoveryFilter): AsyncIterable<readonly FoundInstance[]>;
}
