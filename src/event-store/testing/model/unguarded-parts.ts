import { HOUR, ManualClock } from '../../../kernel/clocks';
import { CommitMaker } from '../../commit-maker';
import { MemoryLogTable } from '../../memory/memory-log-table';
import { MemoryParkedStreams } from '../../memory/memory-parked-streams';
import { MemorySubscriptions } from '../../memory/memory-subscriptions';
import { type AppendRequest, type Commit } from '../../ports';
import { type ParkedStream, type SubscriptionClaim } from '../../subscription-ports';
import { type LogLine } from '../../tables';
import { START } from '../books';
import { Shelves } from './shelves';

/** ① Commits bear the bare time of the clock. */
export class BareClockMaker extends CommitMaker {
  override make(request: AppendRequest): Commit {
    return super.make({ ...request, head: { ...request.head, at: null } });
  }
}

/** ④ A batch goes on after its first failure. */
export class UnorderedLog extends MemoryLogTable {
  override async append(lines: readonly LogLine[]): Promise<number> {
    let inserted = 0;
    for (const line of lines) inserted += await super.append([line]);
    return inserted;
  }
}

/** Every commit that somebody wanted to place is taken for placed. */
export class TrustedLog extends MemoryLogTable {
  override placedOf(commits: readonly string[]): Promise<string[]> {
    return Promise.resolve([...commits]);
  }
}

/** ⑤ A position moves whoever asks for it. */
export class UnfencedSubscriptions extends MemorySubscriptions {
  override async move(claim: SubscriptionClaim, position: number): Promise<boolean> {
    const state = (await this.list()).find(({ name }) => name === claim.name);
    return super.move({ ...claim, owner: state?.owner ?? claim.owner, fence: state?.fence ?? 0 }, position);
  }
}

/** A new owner gets the fence of the one before. */
export class UnraisedFence extends MemorySubscriptions {
  override async claim(
    ...given: Parameters<MemorySubscriptions['claim']>
  ): Promise<SubscriptionClaim | null> {
    const claim = await super.claim(...given);
    return claim && { ...claim, fence: 1 };
  }

  override async move(claim: SubscriptionClaim, position: number): Promise<boolean> {
    const state = (await this.list()).find(({ name }) => name === claim.name);
    return super.move({ ...claim, fence: state?.fence ?? 0 }, position);
  }
}

/** Every lease is taken for over. */
export class UntimedSubscriptions extends MemorySubscriptions {
  private readonly time: ManualClock;

  constructor() {
    const time = new ManualClock(START);
    super(time);
    this.time = time;
  }

  override claim(...given: Parameters<MemorySubscriptions['claim']>): Promise<SubscriptionClaim | null> {
    this.time.advance(HOUR);
    return super.claim(...given);
  }
}

/** What is put aside stays its old owner's. */
export class UnadoptedStreams extends MemoryParkedStreams {
  override adopt({ name }: SubscriptionClaim): Promise<ParkedStream[]> {
    return this.of(name);
  }
}

/** What is put aside is removed and replaced although others changed it since it was read. */
export class UncomparedStreams extends MemoryParkedStreams {
  override async remove(parked: ParkedStream): Promise<boolean> {
    return super.remove((await this.present(parked)) ?? parked);
  }

  override async replace(before: ParkedStream, after: ParkedStream): Promise<boolean> {
    return super.replace((await this.present(before)) ?? before, after);
  }

  private async present({ subscription, stream }: ParkedStream): Promise<ParkedStream | undefined> {
    return (await this.of(subscription)).find((row) => row.stream === stream);
  }
}

/** The newest writer wins, whatever its version. */
export class UnguardedShelves extends Shelves {
  protected override accepts(): boolean {
    return true;
  }
}
