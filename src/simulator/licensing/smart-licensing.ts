import { type FleetClock } from '../../kernel/clocks';
import { Agenda } from './agenda';
import { type SeatName } from './license-features';
import { type LicenseAction, OutagePlan } from './outage-plan';

/** Cisco's own server, which CML uses unless it is told another one. */
export const CISCO_SERVER = 'https://smartreceiver.cisco.com/licservice/license';

/** How many of each a virtual account has bought; what is not named it has none of. */
export type Seats = Partial<Record<SeatName, number>>;

/** A registration token, and the virtual account that it opens. */
export interface TokenInput {
  readonly token: string;
  readonly smartAccount?: string;
  readonly virtualAccount?: string;
  /** of the virtual account, for all its tokens; left out: as it has them, or as many as anybody wants */
  readonly seats?: Seats;
  /** fleet time; left out: never */
  readonly expiresAt?: Date;
  /** how many registrations it is good for; left out: any number */
  readonly maxUses?: number;
  /** URL of an on-premises server; left out: Cisco's own */
  readonly server?: string;
}

/** A CML server as Smart Licensing knows it. */
export interface ProductInstance {
  readonly productUuid: string;
  readonly hostname: string;
  readonly instanceId: string;
  readonly name: string;
  /** URL of the Smart Licensing server that it is set to */
  readonly server: string;
}

/** A registration that reached Smart Licensing. The server's own retries of one request are one. */
export interface Registration extends ProductInstance {
  readonly token: string;
  readonly at: Date;
  readonly virtualAccount: string | null;
  /** why it was refused; null: it was not */
  readonly refusal: string | null;
  /** null: still in use, unless it was refused */
  readonly givenBackAt: Date | null;
  /** by the server, by a later registration of the same server, by a person at Smart Licensing */
  readonly givenBackBy: 'deregistration' | 'registration' | 'person' | null;
}

interface Account {
  readonly smartAccount: string;
  readonly virtualAccount: string;
  seats: Seats | null;
}

interface Entry extends Registration {
  readonly requestId: string;
  readonly account: Account | null;
  givenBackAt: Date | null;
  givenBackBy: Registration['givenBackBy'];
  /** what it uses, and whether there were seats for it */
  uses: ReadonlyMap<SeatName, { readonly count: number; readonly granted: boolean }>;
}

/**
 * Cisco's Smart Licensing, and on-premises servers of the same kind: what the CML servers of the world register with.
 * It keeps a licence in use until it is told that it is given back, whatever became of the server.
 */
export class SmartLicensing {
  /** when it cannot be reached, and by whom */
  readonly outages: OutagePlan;
  /** what CML servers are going to ask of it */
  readonly agenda = new Agenda();
  private readonly tokens = new Map<string, TokenInput>();
  private readonly accounts = new Map<string, Account>();
  private readonly servers = new Set([CISCO_SERVER]);
  private readonly entries: Entry[] = [];

  constructor(clock: FleetClock, seed: number) {
    this.outages = new OutagePlan(clock, seed);
  }

  /** Hands out a token, or changes one. The accounts that it names are opened with it. */
  addToken(input: TokenInput): void {
    this.tokens.set(input.token, input);
    if (input.server !== undefined) this.servers.add(input.server);
    const account = this.accountOf(input);
    if (input.seats) account.seats = input.seats;
  }

  /** A token is valid no longer; what it registered stays so. */
  revokeToken(token: string): void {
    this.tokens.delete(token);
  }

  /** Servers that registered with a token and never gave their licence back; or how many seats of a kind they use. */
  inUse(token: string, seat?: SeatName): number {
    const held = this.entries.filter((entry) => entry.token === token && isHeld(entry));
    if (seat === undefined) return held.length;
    return held.reduce((sum, { uses }) => sum + (uses.get(seat)?.count ?? 0), 0);
  }

  /** Every registration that ever reached it, oldest first. */
  registrations(): readonly Registration[] {
    return this.entries.map(({ requestId: _request, account: _account, uses: _uses, ...known }) => known);
  }

  /** A person removes a server from the list: its licence is free, and the server does not hear of it. */
  remove(productUuid: string, at: Date): void {
    for (const entry of this.entries) {
      if (entry.productUuid === productUuid && isHeld(entry)) giveBack(entry, at, 'person');
    }
  }

  /** What gets lost when a server asks for something: the request, the answer, or nothing. */
  lost(action: LicenseAction, instance: ProductInstance, at: Date): 'request' | 'answer' | null {
    if (!this.servers.has(instance.server)) return 'request';
    return this.outages.strike({ action, ...instance }, at);
  }

  /** @returns the accounts, or why it is refused; a retry of a request that was done once gets the same again */
  register(
    instance: ProductInstance,
    { token, requestId, at }: { readonly token: string; readonly requestId: string; readonly at: Date },
  ): { readonly account: Account } | { readonly refusal: string } {
    const known = this.entries.find((entry) => entry.requestId === requestId);
    if (known?.account) return { account: known.account };
    const refusal = this.refusalOf(token, instance.server, at);
    const input = this.tokens.get(token);
    const account = refusal === null && input ? this.accountOf(input) : null;
    if (account) {
      const before = this.held(instance);
      if (before) giveBack(before, at, 'registration');
    }
    this.entries.push({
      ...{ ...instance, token, at, requestId, account, refusal, uses: new Map() },
      virtualAccount: account?.virtualAccount ?? null,
      ...{ givenBackAt: null, givenBackBy: null },
    });
    return account ? { account } : { refusal: refusal ?? '' };
  }

  /**
   * A server tells what it uses. Who comes first gets the seats.
   * @returns whether there is a seat for each use; null where Smart Licensing does not know the server
   */
  authorize(
    instance: ProductInstance,
    uses: ReadonlyMap<SeatName, number>,
  ): ReadonlyMap<SeatName, boolean> | null {
    const entry = this.held(instance);
    if (!entry?.account) return null;
    const { account } = entry;
    const granted = new Map<SeatName, boolean>();
    for (const [seat, count] of uses) granted.set(seat, count <= this.free(account, seat, entry));
    entry.uses = new Map([...uses].map(([seat, count]) => [seat, { count, granted: !!granted.get(seat) }]));
    return granted;
  }

  /** Whether it knows the server. */
  knows(instance: ProductInstance): boolean {
    return this.held(instance) !== undefined;
  }

  deregister(instance: ProductInstance, at: Date): void {
    const entry = this.held(instance);
    if (entry) giveBack(entry, at, 'deregistration');
  }

  private held({ productUuid, server }: ProductInstance): Entry | undefined {
    return this.entries.find(
      (entry) => entry.productUuid === productUuid && entry.server === server && isHeld(entry),
    );
  }

  private free(account: Account, seat: SeatName, asker: Entry): number {
    if (!account.seats) return Infinity;
    const others = this.entries.filter(
      (entry) => entry.account === account && entry !== asker && isHeld(entry),
    );
    const taken = others.reduce((sum, { uses }) => {
      const use = uses.get(seat);
      return sum + (use?.granted ? use.count : 0);
    }, 0);
    return (account.seats[seat] ?? 0) - taken;
  }

  private refusalOf(token: string, server: string, at: Date): string | null {
    const input = this.tokens.get(token);
    // Smart Licensing repeats the token in its words, and CML passes them on ([H] test_registration_invalid_token).
    if (!input || (input.server ?? CISCO_SERVER) !== server) return `The token '${token}' is not valid.`;
    if (input.expiresAt && input.expiresAt <= at) return `The token '${token}' has expired.`;
    const used = this.entries.filter((entry) => entry.token === token && entry.refusal === null).length;
    if (used >= (input.maxUses ?? Infinity)) {
      return `The token '${token}' has reached its maximum number of uses.`;
    }
    return null;
  }

  private accountOf({
    smartAccount = 'Simulated Networks',
    virtualAccount = 'Default',
  }: TokenInput): Account {
    const key = `${smartAccount}|${virtualAccount}`;
    const known = this.accounts.get(key);
    if (known) return known;
    const account: Account = { smartAccount, virtualAccount, seats: null };
    this.accounts.set(key, account);
    return account;
  }
}

function isHeld({ refusal, givenBackAt }: Registration): boolean {
  return refusal === null && givenBackAt === null;
}

function giveBack(entry: Entry, at: Date, by: NonNullable<Registration['givenBackBy']>): void {
  entry.givenBackAt = at;
  entry.givenBackBy = by;
}
