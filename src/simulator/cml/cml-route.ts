import { type CmlHost } from './cml-host';
import { CmlProblem } from './cml-problem';
import { type CmlUser } from './cml-user';

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

/** With none of its contents the answer has no content. */
export interface CmlAnswer {
  readonly status: number;
  /** sent as JSON */
  readonly body?: unknown;
  /** sent as it is, as plain text */
  readonly text?: string;
  /** JSON in parts that are made while it is sent */
  readonly chunks?: Iterable<string>;
  /** nginx answers instead of CML, with its page for the status */
  readonly html?: boolean;
}

export interface CmlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** below /api/v0, `:name` for a part that varies */
  readonly path: string;
  /** needs no token */
  readonly open?: boolean;
  /** for administrators only: 403 for all others */
  readonly admin?: boolean;
  readonly answer: (call: CmlCall) => CmlAnswer | Promise<CmlAnswer>;
}

/** The answer that tells of an error, in CML's form. */
export function problemAnswer(status: number, description: string): CmlAnswer {
  return { status, body: { code: status, description } };
}

/** The caller of a route that is not open. @throws CmlProblem 401 */
export function callerOf({ caller }: CmlCall): NonNullable<CmlCall['caller']> {
  if (!caller) throw new CmlProblem(401, 'No authorization token provided.');
  return caller;
}
