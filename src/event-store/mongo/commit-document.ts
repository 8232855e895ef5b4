import { type Commit } from '../ports';
import { type LogLine } from '../tables';

/** A commit in `es_commits`. */
export interface CommitDocument extends Omit<Commit, 'id'> {
  /** `<stream>:<first version, 10 digits>`: an insert of a taken version fails by it */
  readonly _id: string;
  /** whether it stands in the log; the only field that is ever changed, and not part of the hash */
  readonly sequenced: boolean;
}

/** A position of the log, in `es_log`. */
export interface LogDocument {
  readonly _id: number;
  readonly commit: string;
  readonly stream: string;
  readonly hash: string;
}

export const COMMITS = 'es_commits';
export const LOG = 'es_log';

export function toDocument({ id, ...commit }: Commit): CommitDocument {
  return { _id: id, ...commit, sequenced: false };
}

export function toCommit({ _id, sequenced: _sequenced, ...commit }: CommitDocument): Commit {
  return { id: _id, ...commit };
}

export function toLine({ _id: position, commit, stream, hash }: LogDocument): LogLine {
  return { position, commit, stream, hash };
}
