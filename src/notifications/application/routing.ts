import { type ChannelName } from '../domain/posting';

/** A way to people, and where it leads if it leads to several places. */
export interface Route {
  readonly channel: ChannelName;
  readonly recipient: string | null;
}

export interface RoutingOptions {
  /** those that are set up */
  readonly channels: readonly ChannelName[];
  /** who gets every notice by e-mail */
  readonly emails: readonly string[];
}

const LOG: Route = { channel: 'log', recipient: null };
const NONE: Route = { channel: 'none', recipient: null };

/**
 * The ways that a notice takes: each address of e-mail is one of its own, so that one that is refused is tried again
 * alone. Log and event stream are the way where nobody set up another and nobody was named: who wants people to be told
 * must not take a line of the log for it.
 */
export function routesOf({ channels, emails }: RoutingOptions, more: readonly string[]): readonly Route[] {
  const addresses = new Map([...emails, ...more].map((address) => [address.toLowerCase(), address]));
  const routes = channels.flatMap((channel): Route[] =>
    channel === 'email'
      ? [...addresses.values()].map((recipient) => ({ channel, recipient }))
      : [{ channel, recipient: null }],
  );
  if (routes.length > 0) return routes;
  return [channels.length === 0 && addresses.size === 0 ? LOG : NONE];
}
