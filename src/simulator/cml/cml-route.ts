import { type CmlHost } from './cml-host';
import { type CmlUser } from './cml-server';

/** A request to one CML server, once its sender is known. */
export interface CmlCall {
  readonly host: CmlHost;
  readonly now: Date;
  /** null on open routes only */
  readonly caller: { readonly user: CmlUser; readonly sessionId: string } | null;
  /** the named parts of the path */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** parsed JSON; null where there is none */
  readonly body: unknown;
}

export interface CmlAnswer {
  readonly status: number;
  /** left out: an answer without content */
  readonly body?: unknown;
}

export interface CmlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** below /api/v0, `:name` for a part that varies */
  readonly path: string;
  /** needs no token */
  readonly open?: boolean;
  readonly answer: (call: CmlCall) => CmlAnswer | Promise<CmlAnswer>;
}

/** An error as CML writes it: `{code, description}`, the code being the HTTP status. */
export class CmlProblem extends Error {
  constructor(
    readonly status: number,
    description: string,
  ) {
    super(description);
    this.name = 'CmlProblem';
  }
}

/** The caller of a route that is not open. @throws CmlProblem 401 */
export function callerOf({ caller }: CmlCall): NonNullable<CmlCall['caller']> {
  if (!caller) throw new CmlProblem(401, 'No authorization token provided.');
  return caller;
}
