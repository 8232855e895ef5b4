import { type SdkMiddleware, type WithStack } from './sdk-stack';

/** By which AWS says that the credentials were good, and are no more. */
const EXPIRED = ['RequestExpired', 'ExpiredToken', 'ExpiredTokenException'];

interface Keys {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

interface ClientWithCredentials extends WithStack {
  readonly config: {
    readonly credentials: (options?: { readonly forceRefresh?: boolean }) => Promise<Keys>;
  };
}

/**
 * Makes a client repeat a call once that was refused because the credentials ran out, if there are others by then. The
 * SDK renews them by the time of expiry that it was told, and not when AWS says so. A refused call has done nothing, so
 * even a launch may be repeated.
 */
export function refreshCredentials({ middlewareStack, config }: ClientWithCredentials): void {
  const middleware: SdkMiddleware = (next) => async (args) => {
    const before = await config.credentials();
    try {
      return await next(args);
    } catch (error) {
      if (!EXPIRED.includes((Object(error) as Error).name)) throw error;
      const after = await config.credentials({ forceRefresh: true });
      if (sameKeys(before, after)) throw error;
      return next(args);
    }
  };
  middlewareStack.add(middleware, { step: 'initialize', name: 'refreshCredentials' });
}

function sameKeys(one: Keys, other: Keys): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}
