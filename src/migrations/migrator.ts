import { type Connection } from 'mongoose';
import { LEASE_MS, LeasedTurn, type Leases, type ReportError } from '../event-store';
import { type MachineClock, MINUTE, SECOND } from '../kernel/clocks';
import { LeaseLost, type Migration } from './migration';
import { type MigrationRecords } from './migration-records';

const JOB = 'migrations';
/** How soon a process sees that another one is through, or died: its lease of LEASE_MS runs out. */
const LOOK_AGAIN = SECOND;
const TELL_EACH = 30 * SECOND;
/** Between two tries of one that failed while the application serves. */
const TRY_AGAIN = 5 * MINUTE;

export interface MigratorParts {
  readonly migrations: readonly Migration[];
  readonly connection: Connection;
  readonly records: MigrationRecords;
  readonly leases: Leases;
  readonly owner: string;
  readonly clock: MachineClock;
  /** @throws AbortError at the signal */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly report: ReportError;
  readonly tell: (message: string, about: object) => void;
}

/** Does each migration once, in their order, whichever process gets the turn. */
export class Migrator {
  private readonly stopping = new AbortController();
  private besides: Promise<void> = Promise.resolve();

  constructor(private readonly parts: MigratorParts) {}

  /** Ends when all that must be done before serving are, by whomever. @throws what our own try of one threw */
  async before(): Promise<void> {
    for (const migration of this.those('before')) await this.until(migration);
  }

  /** Begins those that are done while the application serves; their failures are reported, and tried again. */
  start(): void {
    this.besides = this.beside();
  }

  /** What is under way is told to end, and waited for; the next start repeats it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.besides;
  }

  private async beside(): Promise<void> {
    for (const migration of this.those('beside')) {
      while (!this.stopping.signal.aborted) {
        try {
          await this.until(migration);
          break;
        } catch (error) {
          if (this.stopping.signal.aborted) return;
          this.parts.report(error, `migrate: ${migration.name}`);
          await this.pause(TRY_AGAIN);
        }
      }
    }
  }

  private those(when: Migration['when']): readonly Migration[] {
    return this.parts.migrations.filter((migration) => migration.when === when);
  }

  private async until(migration: Migration): Promise<void> {
    const { records, clock, tell } = this.parts;
    let toldAt = clock.now().getTime();
    for (;;) {
      const record = await records.of(migration.name);
      if (record?.state === 'done' || (await this.tried(migration))) return;
      if (this.stopping.signal.aborted) return;
      if (clock.now().getTime() - toldAt >= TELL_EACH) {
        toldAt = clock.now().getTime();
        tell('waiting for a migration', { migration: migration.name, owner: record?.owner ?? null });
      }
      await this.pause(LOOK_AGAIN);
    }
  }

  /** Whether we did it. False when another has the turn, or took it from us. */
  private async tried(migration: Migration): Promise<boolean> {
    const { leases, owner, clock, report } = this.parts;
    const askedAt = clock.now();
    const lease = await leases.claim(JOB, owner, LEASE_MS);
    if (!lease) return false;
    const failed = (error: unknown) => report(error, `keep the lease ${JOB}`);
    const turn = new LeasedTurn(lease, askedAt, leases, clock, failed, Infinity);
    turn.keep();
    try {
      return await this.run(migration, turn);
    } finally {
      // what is not given back runs out; the result of the migration stays what it is
      await this.bestEffort('give back the lease', () => turn.end(undefined));
    }
  }

  private async run(migration: Migration, turn: LeasedTurn): Promise<boolean> {
    const { records, connection, clock, tell, owner } = this.parts;
    const { name } = migration;
    const which = { name, owner, fence: turn.lease.fence };
    if (!(await records.begin(which, clock.now()))) return false;
    tell('migrating', { migration: name });
    const mustBeHeld = () => {
      if (!turn.stillHeld() || this.stopping.signal.aborted) throw new LeaseLost(name);
    };
    try {
      const signal = AbortSignal.any([turn.signal, this.stopping.signal]);
      await migration.run(connection, { signal, mustBeHeld });
      // one that was told to end may have ended early
      mustBeHeld();
    } catch (error) {
      // who was told to end, or has lost the turn, says nothing of the migration
      if (error instanceof LeaseLost || turn.signal.aborted || this.stopping.signal.aborted) return false;
      const why = error instanceof Error ? error.message : String(error);
      await this.bestEffort(`note the failure of ${name}`, () => records.fail(which, why));
      throw new Error(`the migration ${name} failed`, { cause: error });
    }
    if (!(await records.finish(which, clock.now()))) return false;
    tell('migrated', { migration: name, durationMs: clock.now().getTime() - turn.lease.claimedAt.getTime() });
    return true;
  }

  /** Does what must not hide the outcome of a migration; why it could not be done is reported. */
  private async bestEffort(what: string, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.parts.report(error, `migrate: ${what}`);
    }
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.stopping;
    try {
      await this.parts.pause(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
