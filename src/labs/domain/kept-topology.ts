import { derivedId } from '../../kernel/ids';

/** A topology that is kept, without its text. Times are fleet time. */
export interface KeptTopology {
  readonly id: string;
  readonly workerId: string;
  readonly workerName: string;
  readonly labId: string;
  readonly title: string | null;
  readonly owner: string | null;
  /** when the lab was last changed, by the server's clock; null where it did not say */
  readonly labModifiedAt: Date | null;
  /** of the text in UTF-8, hexadecimal */
  readonly sha256: string;
  /** of the text in UTF-8 */
  readonly sizeBytes: number;
  /** when it was first kept */
  readonly keptAt: Date;
  /** when the lab was last found to have this very topology */
  readonly confirmedAt: Date;
  readonly by: string;
  readonly reason: string | null;
}

/** The larger ones are not kept; a document of the database holds 16 MB. */
export const TOPOLOGY_LIMIT_BYTES = 10 * 1024 * 1024;

/** The same text of the same lab is the same topology, whoever keeps it. */
export function topologyId(workerId: string, labId: string, sha256: string): string {
  return derivedId('topology', workerId, labId, sha256);
}
