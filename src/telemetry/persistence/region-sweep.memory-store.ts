import { RegionSweepStore } from '../domain/ports';
import { type RegionSweep } from '../domain/region-sweep';

export class MemoryRegionSweepStore extends RegionSweepStore {
  private readonly sweeps = new Map<string, RegionSweep>();

  save(sweep: RegionSweep): Promise<void> {
    const present = this.sweeps.get(sweep.region);
    if (!present || present.fence <= sweep.fence) this.sweeps.set(sweep.region, sweep);
    return Promise.resolve();
  }

  all(): Promise<ReadonlyMap<string, RegionSweep>> {
    return Promise.resolve(new Map(this.sweeps));
  }
}
