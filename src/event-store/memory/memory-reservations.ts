import { type MachineClock } from '../../kernel/clocks';
import { Reservations } from '../ports';

export class MemoryReservations extends Reservations {
  private readonly taken = new Map<string, { stream: string; takenAt: Date }>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  take(key: string, stream: string): Promise<boolean> {
    const ours = (this.taken.get(key)?.stream ?? stream) === stream;
    if (ours) this.taken.set(key, { stream, takenAt: this.clock.now() });
    return Promise.resolve(ours);
  }

  free(key: string, stream: string): Promise<void> {
    if (this.taken.get(key)?.stream === stream) this.taken.delete(key);
    return Promise.resolve();
  }

  holder(key: string): Promise<string | null> {
    return Promise.resolve(this.taken.get(key)?.stream ?? null);
  }

  olderThan(takenBefore: Date, limit: number): Promise<{ key: string; stream: string }[]> {
    const old = [...this.taken].filter(([, { takenAt }]) => takenAt < takenBefore);
    return Promise.resolve(old.slice(0, limit).map(([key, { stream }]) => ({ key, stream })));
  }
}
