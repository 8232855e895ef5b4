import {
  type Bounded,
  type Candidate,
  type FailedRegion,
  type ImportedInstance,
  LISTED_AT_MOST,
  type RefusedImport,
} from './discovery';

/** What a discovery has come to up to now. */
export class DiscoveryResult {
  readonly failedRegions: FailedRegion[] = [];
  private readonly candidates = new BoundedList<Candidate>();
  private readonly imported = new BoundedList<ImportedInstance>();
  private readonly notImported = new BoundedList<RefusedImport>();

  saw(candidate: Candidate): void {
    this.candidates.add(candidate);
  }

  didImport(instance: ImportedInstance): void {
    this.imported.add(instance);
  }

  couldNotImport(refusal: RefusedImport): void {
    this.notImported.add(refusal);
  }

  /** In words, where it is in the midst of a region or at its end. */
  get sentence(): string {
    const counts = [
      `${this.candidates.count} ${this.candidates.count === 1 ? 'instance' : 'instances'} found`,
      ...(this.imported.count > 0 ? [`${this.imported.count} imported`] : []),
      ...(this.notImported.count > 0 ? [`${this.notImported.count} could not be imported`] : []),
    ];
    const failed = this.failedRegions.map(({ awsRegion }) => awsRegion).join(', ');
    return `${counts.join(', ')}.${failed && ` Not read: ${failed}.`}`;
  }

  get view() {
    return {
      candidates: this.candidates.view,
      imported: this.imported.view,
      notImported: this.notImported.view,
      failedRegions: [...this.failedRegions],
    };
  }
}

class BoundedList<T> {
  count = 0;
  private readonly items: T[] = [];

  add(item: T): void {
    this.count += 1;
    if (this.items.length < LISTED_AT_MOST) this.items.push(item);
  }

  get view(): Bounded<T> {
    return { count: this.count, items: [...this.items] };
  }
}
