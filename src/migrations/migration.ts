import { type Connection } from 'mongoose';
import { type Turn } from '../event-store';

/** What a migration may know of the turn that it is in. */
export interface MigrationTurn extends Pick<Turn, 'signal'> {
  /** Asked before each batch of writes. @throws LeaseLost when another process may be at it already */
  mustBeHeld(): void;
}

/**
 * One change of what is stored, done once in the life of a database. A process may die anywhere in it: it is repeated
 * from the beginning, and must then end in the same. Processes of the version before run beside it and after it, and must
 * find what they read: what they need is removed by a later version only.
 */
export interface Migration {
  /** for ever; how it is remembered */
  readonly name: string;
  /** `before`: nobody of this version serves until it is done. `beside`: done while they serve */
  readonly when: 'before' | 'beside';
  run(database: Connection, turn: MigrationTurn): Promise<void>;
}

/** The turn ran out under a migration; whoever has it now repeats it. */
export class LeaseLost extends Error {
  constructor(name: string) {
    super(`the turn ended before the migration ${name} did`);
  }
}
