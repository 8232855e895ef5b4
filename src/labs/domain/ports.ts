import { type CommandContext } from '../../kernel/command-context';
import { type Secret } from '../../kernel/secret';
import { type KeptTopology } from './kept-topology';
import { type LabActs } from './lab-acts';
import { type LabChange } from './lab-change';

/** What people asked for the labs of workers, by streams. @throws StoreUnavailable */
export abstract class LabActsRepository {
  /** Null where nobody asked anything of the worker's labs. */
  abstract find(workerId: string): Promise<LabActs | null>;
  /** Stores what `decide` records; a command that was carried out before is not carried out again. */
  abstract record(workerId: string, context: CommandContext, decide: (acts: LabActs) => void): Promise<void>;
}

export interface ChangePosition {
  readonly at: Date;
  readonly id: string;
}

/** How the labs of workers changed, as it was observed, for 90 days (machine time). @throws StoreUnavailable */
export abstract class LabHistory {
  /** Those that are there already stay as they are. */
  abstract add(changes: readonly LabChange[]): Promise<void>;
  /** The worker's newest ones, so many at most; oldest first. */
  abstract recent(workerId: string, limit: number): Promise<LabChange[]>;
  /** Of one lab; oldest first. */
  abstract page(
    workerId: string,
    labId: string,
    after: ChangePosition | null,
    limit: number,
  ): Promise<LabChange[]>;
}

export interface TopologyPosition {
  readonly keptAt: Date;
  readonly id: string;
}

/**
 * Topologies of labs, for 90 days (machine time) after they were last kept. Node configurations may hold passwords of
 * people, so the text is a secret. @throws StoreUnavailable
 */
export abstract class TopologyStore {
  /** Stores it; of one that is there already only `confirmedAt` changes. */
  abstract keep(topology: KeptTopology, text: Secret): Promise<void>;
  /** Newest first. */
  abstract page(workerId: string, after: TopologyPosition | null, limit: number): Promise<KeptTopology[]>;
  abstract find(
    workerId: string,
    id: string,
  ): Promise<{ readonly topology: KeptTopology; readonly text: Secret } | null>;
}
