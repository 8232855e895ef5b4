import { type CmlCall } from './cml-route';

const GIB = 1024 ** 3;
const DISK = { total: 64 * GIB, free: 36 * GIB, used: 28 * GIB };
const IDLE_MEMORY_SHARE = 0.05;
const LAB_MEMORY_SHARE = 0.1;
/** Caches are neither free nor used. */
const CACHE_SHARE = 0.03;

/** The body of /system_stats: CPU in percent 0..100 of the machine, memory and disk in bytes, from what runs now. */
export function systemStats({ host, now }: CmlCall) {
  const { server, instance } = host;
  const metal = instance.type.at(now)?.endsWith('.metal');
  const runningLabs = server.running(now).length;
  const runningNodes = server.runningNodes(now);

  const count = metal ? 96 : 8;
  const percent = host.cpuPercent(now) ?? 0;
  const load = Math.round(percent * count) / 100;
  const total = (metal ? 192 : 16) * GIB;
  const used = Math.round(total * Math.min(0.95, IDLE_MEMORY_SHARE + LAB_MEMORY_SHARE * runningLabs));
  const memory = { total, free: Math.round(total * (1 - CACHE_SHARE)) - used, used };

  const stats = {
    cpu: { count, percent, model: 'Simulated CPU', predicted: 0, load: [load, load, load] },
    memory,
    disk: DISK,
    dominfo: {
      total_nodes: server.labs.reduce((sum, lab) => sum + lab.nodeCount, 0),
      running_nodes: runningNodes,
      total_orphans: 0,
      running_orphans: 0,
      allocated_cpus: runningNodes,
      allocated_memory: runningNodes * 1024 * 1024,
    },
  };
  return {
    computes: { [server.computeId]: { hostname: server.hostname, is_controller: true, stats } },
    all: { cpu: { count, percent }, memory, disk: DISK },
    controller: { disk: DISK },
  };
}
