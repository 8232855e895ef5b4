import { type SystemValues } from '../../telemetry';
import { flagIn, numberIn, recordIn, textIn } from './unknown-json';

/** What the three answers say together; `health` and `stats` are null where they could not be read. */
export function systemValues(information: unknown, health: unknown, stats: unknown): SystemValues {
  const { version, ready } = recordIn(information);
  const { valid, is_licensed: licensed } = recordIn(health);
  const { all: whole, computes, controller } = recordIn(stats);
  const { cpu, memory, disk } = recordIn(whole);
  return {
    version: textIn(version),
    ready: flagIn(ready),
    healthy: flagIn(valid),
    licensed: flagIn(licensed),
    cpuPercent: percent(numberIn(recordIn(cpu)['percent'])),
    memoryPercent: usedPercent(memory),
    diskPercent: usedPercent(disk) ?? usedPercent(recordIn(controller)['disk']),
    runningNodes: runningNodes(computes),
  };
}

/** CML's percents are 0..100 already; a value outside is no percent. A little above 100 is rounding. */
function percent(value: number | null): number | null {
  if (value === null || value < 0 || value > 101) return null;
  return Math.min(value, 100);
}

/** Of `{total, used}` in bytes. `total - free` would count caches as used. */
function usedPercent(space: unknown): number | null {
  const { total, used } = recordIn(space);
  const [all, taken] = [numberIn(total), numberIn(used)];
  return all === null || taken === null || all <= 0 ? null : percent((taken / all) * 100);
}

/**
 * Over all computes; null while one of them has not counted, since the rest would look like all. Orphans, machines that
 * run and of which the controller knows no node, are counted apart by CML and run all the same.
 */
function runningNodes(computes: unknown): number | null {
  const counts = Object.values(recordIn(computes)).map((compute) => {
    const { dominfo } = recordIn(recordIn(compute)['stats']);
    const { running_nodes: nodes, running_orphans: orphans } = recordIn(dominfo);
    const known = numberIn(nodes);
    return known === null ? null : known + (numberIn(orphans) ?? 0);
  });
  if (counts.length === 0) return null;
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count));
}
