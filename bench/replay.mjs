// A policy simulated over 90 days of 1,000 workers, beside a bare pass over the same intervals: how long, how many
// decisions, and what one costs. The past is made up by a seed, and its making is not measured.
import v8 from 'node:v8';
import vm from 'node:vm';
import { built } from './built.mjs';
import { pastOf } from './replay-history.mjs';

const { WorkerReplayer } = built('simulations/application/replay/worker-replay');
const { IndexedPast } = built('simulations/application/replay/indexed-past');
const { tickGrid } = built('simulations/application/replay/tick-grid');
const { ranIn, simulatedFleet } = built('simulations/application/simulated-fleet');
const { calendarOf } = built('policies/application/calendar/calendar-of');
const { idlePolicy } = built('reaper/domain/policy/idle-policy');

const WORKERS = Number(process.env.WORKERS ?? 1_000);
const DAYS = 90;
const CHANGES_PER_DAY = 10;
const FROM = Date.UTC(2027, 0, 1);
const SPAN = { from: new Date(FROM), to: new Date(FROM + DAYS * 86_400_000) };

const CALENDAR = {
  ...{ timeZone: 'Europe/Zurich', holidays: [], quiet: [], maintenance: null, starts: [] },
  never: [
    {
      name: 'lessons',
      days: ['mon', 'tue', 'wed'],
      start: '08:00',
      lengthMinutes: 240,
      onHolidays: 'as-usual',
    },
  ],
  stops: [
    { name: 'evening', days: ['mon', 'tue', 'wed', 'thu', 'fri'], at: '20:00', onHolidays: 'as-usual' },
  ],
};
const RULES = {
  fleetBudget: { stops: null, sharePercent: 50, windowMinutes: 60 },
  ...{ regionBudget: null, breakerWindowMinutes: 60 },
};

/** Looks at each interval once, and at each moment: the least that any replay must do. */
function bare({ intervals, moments }) {
  const latest = {};
  let sum = 0;
  for (const { signal, value, from, to } of intervals) {
    latest[signal] = { value, from, to };
    sum += to.getTime() - from.getTime() + Number(latest.labs?.value === 'idle');
  }
  for (const { at, state } of moments) sum += at.getTime() + Number(state.status === 'RUNNING');
  return sum;
}

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** What the making of a past left behind is not to be cleared away while its replay is measured. */
function clearOfMaking() {
  collect({ type: 'minor' });
  collect({ type: 'minor' });
}

/** Milliseconds of processor time, so that other work on the machine does not count. */
function spentMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

export async function benchReplay() {
  const grid = tickGrid('* * * * *');
  const policy = idlePolicy({ calendar: CALENDAR, maxUptimeMinutes: 7 * 24 * 60 }, 60, 120);
  const effective = { policy, calendar: calendarOf(CALENDAR) };
  const terms = { ...SPAN, effective, grid, plans: 'own' };
  const spent = { replay: 0, bare: 0 };
  const replayed = [];
  let intervals = 0;
  for (let n = 0; n < WORKERS; n += 1) {
    const { id, ...past } = pastOf(n, { from: FROM, days: DAYS, changesPerDay: CHANGES_PER_DAY });
    intervals += past.intervals.length;
    clearOfMaking();
    let begun = spentMs();
    const { dues, evaluations } = new WorkerReplayer(new IndexedPast(past), terms).run();
    replayed.push({
      ...{ id, name: id, region: 'us-east-1', policy: null, dues, evaluations },
      ...{ ran: ranIn(past.moments, SPAN), unclear: [] },
    });
    spent.replay += spentMs() - begun;
    begun = spentMs();
    bare(past);
    spent.bare += spentMs() - begun;
  }
  const begun = spentMs();
  const { totals } = await simulatedFleet(replayed, RULES, grid, SPAN.to, () => Promise.resolve());
  const budgets = spentMs() - begun;
  const seconds = (spent.replay + budgets) / 1_000;
  const micros = (spent.replay * 1_000) / totals.evaluations;
  console.log(
    `\nA policy over ${DAYS} days of ${WORKERS} workers, ${CHANGES_PER_DAY} changes a day of each signal`,
  );
  console.log(
    `  ${seconds.toFixed(1)} s on one core, of which ${(budgets / 1_000).toFixed(1)} s for budgets`,
  );
  console.log(
    `  ${totals.evaluations} evaluations over ${intervals} intervals, ${micros.toFixed(2)} µs each`,
  );
  console.log(`  ${(spent.replay / spent.bare).toFixed(0)} x a bare pass over the same intervals and events`);
  console.log(`  ${totals.stops} stops, ${totals.hits} hits, ${totals.heldByBudget} held by budgets`);
}
