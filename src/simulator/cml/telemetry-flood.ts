import { seededRandom } from '../seeded-random';
import { telemetryTime } from './cml-times';

/** All categories of CML 2.9. */
export const CATEGORIES = [
  ...['start_lab', 'stop_lab', 'queue_node', 'start_node', 'stop_node', 'wipe_node', 'import_lab'],
  ...['export_lab', 'packet_capture', 'user_activity', 'user_group', 'resource_pool'],
  ...['maintenance_state_change', 'notice_state_change', 'boot_node', 'running_nodes', 'system_stats'],
  ...['license_info', 'aaa_info', 'blkinfo', 'cpuinfo', 'dmiinfo', 'hypervisor', 'meminfo', 'vmware'],
];

/** Telemetry that nobody could wait for to come about: it is made up anew, and the same, at every reading. */
export interface Flood {
  readonly count: number;
  readonly from: Date;
  readonly until: Date;
  /** in turn; all of them where left out */
  readonly categories?: readonly string[];
  /** the user whose id stands in all of them; left out: in none */
  readonly userId?: string;
  /** true: by time; left out: in any order */
  readonly ordered?: boolean;
  readonly seed?: number;
}

/** The events of a flood, as JSON. */
export function* floodTexts(flood: Flood): Iterable<string> {
  const { count, from, until, categories = CATEGORIES, userId, ordered = false, seed = 1 } = flood;
  const random = seededRandom(seed);
  const length = until.getTime() - from.getTime();
  const data = userId === undefined ? {} : { user_id: userId };
  for (let index = 0; index < count; index += 1) {
    const share = ordered ? index / count : random();
    const at = new Date(from.getTime() + Math.floor(share * length));
    const category = categories[index % categories.length];
    yield JSON.stringify({ category, timestamp: telemetryTime(at, index), data });
  }
}
