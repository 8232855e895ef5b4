import { type ParkedStream, type SubscriptionClaim } from '../../subscription-ports';
import { type UnplacedCommit } from '../../tables';
import { type Tables } from './parts';

/** What was shown by the first look is taken for all there is. */
export function withoutSecondLook(tables: Tables): Tables {
  let shown: UnplacedCommit[] = [];
  const unplaced = async (limit: number) => {
    const again = shown;
    shown = again.length > 0 ? [] : await tables.commits.unplaced(limit);
    return again.length > 0 ? again : shown;
  };
  return { ...tables, commits: changed(tables.commits, { unplaced }) };
}

/** A commit whose command is there already is taken for somebody else's. */
export function withoutLookForOwn(tables: Tables): Tables {
  return { ...tables, commits: changed(tables.commits, { ofCommand: () => Promise.resolve(null) }) };
}

/** The position moves over what failed before it is put aside. */
export function putAsideAfterMove(tables: Tables): Tables {
  const failed: ParkedStream[] = [];
  const put = (row: ParkedStream) => Promise.resolve(void failed.push(row));
  const move = async (claim: SubscriptionClaim, position: number) => {
    const moved = await tables.subscriptions.move(claim, position);
    for (const row of failed.splice(0)) await tables.parked.put(row);
    return moved;
  };
  return {
    ...tables,
    parked: changed(tables.parked, { put }),
    subscriptions: changed(tables.subscriptions, { move }),
  };
}

function changed<T extends object>(table: T, methods: Partial<T>): T {
  return Object.assign(Object.create(table) as T, methods);
}
