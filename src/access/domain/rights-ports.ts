import { type Grant, type Principal } from '../../kernel/principal';

/** What was assigned to callers besides what their key or token gives them. Bound by whoever keeps the assignments. */
export abstract class AssignedGrants {
  /** What holds for the caller now, by fleet time: asked at each request, so it must be in memory. It must not throw. */
  abstract grantsOf(actor: string): readonly Grant[];
}

/** Recognises bearer tokens that are no API keys: access tokens of an identity provider. */
export abstract class TokenAuthenticator {
  /**
   * Who the token is of, without what is assigned to him; null for one that is not valid: callers do not learn why.
   * @throws DomainError of kind `unavailable` where that cannot be told now
   */
  abstract authenticate(bearer: string): Promise<Principal | null>;

  /** Whether a caller whom `authenticate` answered would be recognised with the same grants now. */
  abstract isStillValid(principal: Principal): boolean;

  /** Calls the listener when what callers may do has changed; answers the function that ends it. It must not throw. */
  abstract onChange(listener: () => void): () => void;
}

/** What a caller has besides his grants. */
export interface MoreRights {
  /** how many workers may be assigned to him at the same moment; null: assignments do not know him */
  readonly quota: { readonly workers: number } | null;
  /** those that hold now or will, soonest first */
  readonly assignments: readonly AssignedWorker[];
}

export interface AssignedWorker {
  readonly id: string;
  readonly workerId: string;
  /** null: all labs on the worker */
  readonly labId: string | null;
  /** fleet time; null: since ever */
  readonly from: Date | null;
  /** fleet time; null: until it is ended */
  readonly until: Date | null;
}

/** Tells what GET /me shows of a caller besides his grants. Bound by whoever keeps the assignments. */
export abstract class RightsDetails {
  /** @throws StoreUnavailable */
  abstract of(actor: string): Promise<MoreRights>;
}
