import { type Leftover } from '../domain/leftover';
import { type ResourceKind } from '../domain/orphan';
import { LeftoverSource } from '../domain/ports';

/** AWS over maps, with switches for what goes wrong. */
export class FakeLeftovers extends LeftoverSource {
  /** by `<kind>|<region>` */
  readonly there = new Map<string, Leftover[]>();
  /** by kind: its listings fail */
  readonly failing = new Map<ResourceKind, Error>();
  readonly removed: string[] = [];
  refusal: Error | null = null;
  /** called in the middle of a listing */
  whileListing: () => void = () => undefined;

  put(kind: ResourceKind, region: string, ...leftovers: Leftover[]): void {
    this.there.set(`${kind}|${region}`, leftovers);
  }

  list(kind: ResourceKind, region: string): Promise<Leftover[]> {
    const failure = this.failing.get(kind);
    if (failure) return Promise.reject(failure);
    const found = this.all(kind, region);
    this.whileListing();
    return Promise.resolve(found);
  }

  find(kind: ResourceKind, region: string, resourceId: string): Promise<Leftover | null> {
    return Promise.resolve(this.all(kind, region).find((it) => it.resourceId === resourceId) ?? null);
  }

  remove(kind: ResourceKind, region: string, resourceId: string): Promise<void> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.removed.push(`${kind} ${region} ${resourceId}`);
    return Promise.resolve();
  }

  private all(kind: ResourceKind, region: string): Leftover[] {
    return this.there.get(`${kind}|${region}`) ?? [];
  }
}
