import pLimit from 'p-limit';

export interface ConnectionLimitsOptions {
  /** so many connections are opened at once, to servers that answered the last time or were never asked */
  readonly openingAtOnce: number;
  /** and so many to servers that did not: they take their whole time-out, and must keep nobody else waiting for it */
  readonly doubtfulAtOnce: number;
  /** so many servers have a connection that is kept from one observation to the next */
  readonly kept: number;
}

/** For 2,000 servers and more: about 5,000 descriptors at the worst. */
export const CONNECTION_LIMITS: ConnectionLimitsOptions = {
  openingAtOnce: 256,
  doubtfulAtOnce: 256,
  kept: 4096,
};

/** What all CML servers of this process together may have of connections. */
export class ConnectionLimits {
  private readonly opening: ReturnType<typeof pLimit>;
  private readonly doubtful: ReturnType<typeof pLimit>;
  private keepers = 0;

  constructor(private readonly options: ConnectionLimitsOptions) {
    this.opening = pLimit(options.openingAtOnce);
    this.doubtful = pLimit(options.doubtfulAtOnce);
  }

  /** Opens a connection when its turn has come. @param doubtful the last one to this server could not be opened */
  open<T>(doubtful: boolean, connect: () => Promise<T>): Promise<T> {
    return doubtful ? this.doubtful(connect) : this.opening(connect);
  }

  /** Whether one more server may keep a connection; then `unkeep` is to be called when it is given up. */
  keep(): boolean {
    if (this.keepers >= this.options.kept) return false;
    this.keepers += 1;
    return true;
  }

  unkeep(): void {
    this.keepers -= 1;
  }
}
