import { type CmlServer } from '../../telemetry';

/** DEFINED_ON_CORE: never started, or wiped. A state that CML has since added is passed on as it is. */
export type LabState = 'DEFINED_ON_CORE' | 'STOPPED' | 'STARTED' | (string & {});

export interface Lab {
  readonly id: string;
  readonly title: string | null;
  /** user name of its owner */
  readonly owner: string | null;
  readonly state: LabState;
  readonly nodeCount: number | null;
  readonly linkCount: number | null;
  readonly createdAt: Date | null;
  readonly modifiedAt: Date | null;
}

/** The labs of one CML server, of all users, over its API. Every method throws CmlError, and nothing else, in its time. */
export abstract class LabClient {
  abstract list(server: CmlServer): Promise<readonly Lab[]>;
  /** Null where there is no such lab (any more). */
  abstract get(server: CmlServer, labId: string): Promise<Lab | null>;
  /** Accepted, not done: the nodes come up one by one. @returns false where there is no such lab */
  abstract start(server: CmlServer, labId: string): Promise<boolean>;
  /** Accepted, not done: nodes go down one by one. @returns false where there is no such lab */
  abstract stop(server: CmlServer, labId: string): Promise<boolean>;
  /** YAML text, node configurations included. Null where there is no such lab (any more). */
  abstract topology(server: CmlServer, labId: string): Promise<string | null>;
  /** Nodes that run on the whole server; null where it does not say. */
  abstract runningNodes(server: CmlServer): Promise<number | null>;
}
