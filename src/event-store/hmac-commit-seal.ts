import { canonicalForm } from './canonical-form';
import { type Commit, CommitSeal, type Snapshot } from './ports';
import { RingHmac, type SealKey } from './ring-hmac';

/**
 * Seals commits and snapshots, so that a change made in the database behind the program's back is seen. Each has keys of
 * its own, so that the seal of the one is none of the other.
 */
export class HmacCommitSeal extends CommitSeal {
  private readonly ofCommits: RingHmac;
  private readonly ofSnapshots: RingHmac;

  /** @throws RangeError for an empty ring */
  constructor(ring: readonly SealKey[]) {
    super();
    this.ofCommits = new RingHmac(ring, 'cml-fleet audit v1');
    this.ofSnapshots = new RingHmac(ring, 'cml-fleet snapshot v1');
  }

  seal(commit: Omit<Commit, 'hash'>): string {
    return this.ofCommits.sign(canonicalForm(commit));
  }

  /** False for a commit that was changed, and for one sealed with a key that the ring no longer holds. */
  verify({ hash, ...sealed }: Commit): boolean {
    return this.ofCommits.verify(canonicalForm(sealed), hash);
  }

  sealSnapshot(snapshot: Omit<Snapshot, 'seal'>): string {
    return this.ofSnapshots.sign(canonicalForm(snapshot));
  }

  /** False as for commits, and for a snapshot without a seal. */
  verifySnapshot({ seal, ...sealed }: Snapshot): boolean {
    return this.ofSnapshots.verify(canonicalForm(sealed), seal);
  }
}
