import { plainData } from '../plain-data';
import { type Snapshot, SnapshotStore } from '../ports';

export class MemorySnapshotStore extends SnapshotStore {
  private readonly snapshots = new Map<string, Snapshot>();

  find(stream: string): Promise<Snapshot | null> {
    return Promise.resolve(plainData(this.snapshots.get(stream) ?? null));
  }

  save(snapshot: Snapshot): Promise<void> {
    const present = this.snapshots.get(snapshot.stream);
    if (!present || present.version < snapshot.version)
      this.snapshots.set(snapshot.stream, plainData(snapshot));
    return Promise.resolve();
  }
}
