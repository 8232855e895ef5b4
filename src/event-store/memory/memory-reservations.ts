import { type MachineClock } from '../../kernel/clocks';
import { Reservations } from '../ports';
import { kindOf } from '../stream-name';

interface Reservation {
  readonly stream: string;
  readonly version: number;
  readonly takenAt: Date;
}

export class MemoryReservations extends Reservations {
  private readonly taken = new Map<string, Reservation>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  take(key: string, stream: string, version: number): Promise<boolean> {
    const present = this.taken.get(key);
    if (present && present.stream !== stream) return Promise.resolve(false);
    const highest = Math.max(version, present?.version ?? 0);
    this.taken.set(key, { stream, version: highest, takenAt: this.clock.now() });
    return Promise.resolve(true);
  }

  free(key: string, stream: string, version: number): Promise<boolean> {
    return this.removeIf(key, stream, (reservation) => reservation.version <= version);
  }

  heldBy(stream: string, version: number): Promise<string[]> {
    const held = [...this.taken].filter(([, row]) => row.stream === stream && row.version <= version);
    return Promise.resolve(held.map(([key]) => key));
  }

  holder(key: string): Promise<string | null> {
    return Promise.resolve(this.taken.get(key)?.stream ?? null);
  }

  olderThan(kind: string, takenBefore: Date, limit: number): Promise<{ key: string; stream: string }[]> {
    const old = [...this.taken].filter(
      ([, { stream, takenAt }]) => kindOf(stream) === kind && takenAt < takenBefore,
    );
    return Promise.resolve(old.slice(0, limit).map(([key, { stream }]) => ({ key, stream })));
  }

  expire(key: string, stream: string, takenBefore: Date): Promise<boolean> {
    return this.removeIf(key, stream, ({ takenAt }) => takenAt < takenBefore);
  }

  private removeIf(key: string, stream: string, isOver: (row: Reservation) => boolean): Promise<boolean> {
    const present = this.taken.get(key);
    const over = present?.stream === stream && isOver(present);
    if (over) this.taken.delete(key);
    return Promise.resolve(over);
  }
}
