// What an idle decision costs: the bare judgement, of which a replay needs millions, the decision that a turn makes, and the one
// with all its words, beside JSON.stringify of what it is decided on.
import { built } from './built.mjs';
import { interleaved, pace } from './measure.mjs';

const { decide } = built('reaper/domain/decision/idle-decision');
const { judge } = built('reaper/domain/judgement/judgement');
const { idlePolicy } = built('reaper/domain/policy/idle-policy');
const { OPEN_CALENDAR } = built('reaper/domain/policy/calendar');
const { UNLIMITED } = built('reaper/domain/policy/stop-budget');
const { OBSERVED_SIGNALS } = built('reaper/domain/signals/idle-signals');

const NOW = Date.parse('2027-01-15T12:00:00Z');
const minutesAgo = (minutes) => new Date(NOW - minutes * 60_000);
const PER_ROUND = 3_500;
const ROUNDS = { warmUp: 5, rounds: 15 };

const policy = idlePolicy({ warningStagesMinutes: [15, 5], maxUptimeMinutes: 1_440 }, 60);
const calendar = {
  ...OPEN_CALENDAR,
  nextScheduledStop: () => ({ name: 'evening', at: minutesAgo(-400) }),
};

function signalsOf(stated = {}) {
  const read = minutesAgo(0.5);
  const state = {
    value: 'idle',
    from: minutesAgo(75),
    to: read,
    readings: 75,
    source: 'cml',
    observedAt: read,
  };
  return Object.fromEntries(OBSERVED_SIGNALS.map((name) => [name, { ...state, ...stated[name] }]));
}

function inputOf(worker = {}, signals = {}) {
  return {
    decisionId: '3b1c8e7a-55f6-4e9d-8f0e-6a4f3f2b119d',
    now: new Date(NOW),
    policy,
    calendar,
    budget: UNLIMITED,
    observations: {
      signals: signalsOf(signals),
      everSeenActivity: true,
      newestActivityAt: minutesAgo(80),
      lastLabs: { running: 0, at: minutesAgo(0.5) },
    },
    worker: {
      id: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
      name: 'lab-1',
      awsRegion: 'us-east-1',
      status: 'RUNNING',
      desiredState: 'RUNNING',
      serviceStatus: 'AVAILABLE',
      snooze: null,
      protection: null,
      plannedStop: null,
      fence: null,
      lastUse: { kind: 'connection', at: minutesAgo(90), by: 'user:bob' },
      notices: [],
      runningSince: minutesAgo(600),
      lastActivityAt: minutesAgo(80),
      ...worker,
    },
  };
}

const told = { deadline: new Date(NOW), stageMinutes: 15, state: 'delivered', deliveredAt: minutesAgo(15) };
/** As a fleet has them: in use, idle, announced, due, not to be told, snoozed. */
const INPUTS = [
  inputOf({}, { labs: { value: 'active' } }),
  inputOf({}, { sessions: { value: 'active' } }),
  inputOf({}, { labs: { from: minutesAgo(20) } }),
  inputOf(),
  inputOf({ plannedStop: { at: new Date(NOW), reason: 'idle', cause: 'idle' }, notices: [told] }),
  inputOf({}, { cpu: { observedAt: minutesAgo(10), to: minutesAgo(10) } }),
  inputOf({ snooze: { by: 'user:bob', until: minutesAgo(-30) } }),
];

/** The results are looked at, so that the compiler cannot leave the work out. */
const of = (work, looked) => () =>
  pace(1, 1, () => {
    let seen = 0;
    for (let n = 0; n < PER_ROUND; n += 1) seen += looked(work(INPUTS[n % INPUTS.length]));
    if (seen === 0) throw new Error('nothing was decided');
  });

/** Words are made when they are asked for. */
function inWords(input) {
  const decision = decide(input);
  if (!decision.reason || !decision.rules || !decision.inputs) throw new Error('nothing was explained');
  return decision;
}

export async function benchDecide() {
  console.log('decide, beside JSON.stringify of its input   ratio     µs  µs of JSON');
  const length = ({ verdict }) => verdict.length;
  const json = of(JSON.stringify, (text) => text.length);
  for (const [name, work] of [
    ['the judgement alone', judge],
    ['the decision that a turn makes of it', decide],
    ['with its trace in words', inWords],
  ]) {
    const { ours, theirs, ratio } = await interleaved(ROUNDS, of(work, length), json);
    const figures = [ratio.toFixed(2), micros(ours), micros(theirs)].map((figure) => figure.padStart(6));
    console.log(`${name.padEnd(43)} ${figures.join(' ')}`);
  }
}

/** Processor time of one decision: a round is one operation of many. */
const micros = ({ cpuMicros }) => (cpuMicros / PER_ROUND).toFixed(2);
