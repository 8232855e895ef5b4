import { type Connection } from 'mongoose';

/** A commit as it stands in `es_commits`. */
export interface StoredCommit {
  readonly _id: string;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly meta: {
    readonly actor: string;
    readonly correlationId: string;
    /** the operation, say, that did it on somebody's behalf; null: it was asked for as such */
    readonly causationId: string | null;
  };
  readonly at: Date;
  readonly previousHash: string | null;
  readonly hash: string;
}

export interface LogPosition {
  readonly _id: number;
  readonly commit: string;
  readonly stream: string;
}

export interface Stored {
  /** by stream and version */
  readonly commits: readonly StoredCommit[];
  /** by position */
  readonly log: readonly LogPosition[];
  /** version of each worker in the read model */
  readonly listed: ReadonlyMap<string, number>;
}

/** The whole store, read past the application. */
export async function readStored(connection: Connection): Promise<Stored> {
  const commits = await connection.collection<StoredCommit>('es_commits').find().sort({ _id: 1 }).toArray();
  const log = await connection.collection<LogPosition>('es_log').find().sort({ _id: 1 }).toArray();
  const workers = await connection.collection<{ _id: string; v: number }>('workers').find().toArray();
  return { commits, log, listed: new Map(workers.map(({ _id, v }) => [_id, v])) };
}

export function byStream(commits: readonly StoredCommit[]): Map<string, StoredCommit[]> {
  const streams = new Map<string, StoredCommit[]>();
  for (const commit of commits) streams.set(commit.stream, [...(streams.get(commit.stream) ?? []), commit]);
  return streams;
}
