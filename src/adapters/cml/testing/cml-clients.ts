import { type FleetClock, type MachineClock } from '../../../kernel/clocks';
import { Secret } from '../../../kernel/secret';
import { SystemTimers, type Timers } from '../../../kernel/timers';
import { type SecretVault } from '../../../secrets';
import { CmlAccounts, type Credentials } from '../cml-accounts';
import { type ConnectorOptions } from '../cml-connector';
import { CmlHttpClient } from '../cml-http-client';
import { CmlLabClient } from '../cml-lab-client';
import { CmlLicensingClient } from '../cml-licensing-client';
import { CmlLinks } from '../cml-links';
import { CML_TIMEOUTS, type CmlTimeouts } from '../cml-request';
import { CONNECTION_LIMITS, ConnectionLimits, type ConnectionLimitsOptions } from '../connection-limits';

/** The three clients over the same links, as the application has them. */
export interface CmlClients {
  readonly observing: CmlHttpClient;
  readonly licensing: CmlLicensingClient;
  readonly labs: CmlLabClient;
  close(): Promise<void>;
}

/** What a test may want otherwise; the fleet's account is `fleet` with the password `right-password`. */
export interface CmlClientsOptions extends Partial<ConnectorOptions>, Partial<ConnectionLimitsOptions> {
  readonly account?: Credentials | null;
  readonly vault?: Pick<SecretVault, 'reveal'>;
  readonly timeouts?: Partial<CmlTimeouts>;
  readonly timers?: Timers;
}

const ACCOUNT: Credentials = { username: 'fleet', password: new Secret('right-password') };
const EMPTY_VAULT: Pick<SecretVault, 'reveal'> = { reveal: () => Promise.resolve(null) };

export function cmlClients(options: CmlClientsOptions, machine: MachineClock, fleet: FleetClock): CmlClients {
  const { account = ACCOUNT, vault = EMPTY_VAULT, timeouts, timers = new SystemTimers() } = options;
  const links = new CmlLinks({
    options: { port: 443, tls: 'pin', connectTimeoutMs: 10_000, accepts: () => true, ...options },
    timeouts: { ...CML_TIMEOUTS, ...timeouts },
    limits: new ConnectionLimits({ ...CONNECTION_LIMITS, ...options }),
    accounts: new CmlAccounts(account, vault),
    machine,
    fleet,
    timers,
  });
  return {
    observing: new CmlHttpClient(links, fleet),
    licensing: new CmlLicensingClient(links),
    labs: new CmlLabClient(links),
    close: () => links.close(),
  };
}
