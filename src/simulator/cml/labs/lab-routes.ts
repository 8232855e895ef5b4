import { CmlProblem } from '../cml-problem';
import { type CmlCall, type CmlRoute, callerOf } from '../cml-route';
import { isoSeconds } from '../cml-times';
import { type Lab } from './lab';
import { labEvents } from './lab-events';
import { topology } from './topology';

function labOf({ host, path }: CmlCall): Lab {
  const lab = host.server.labs.find((candidate) => candidate.id === path['lab']);
  if (!lab) throw new CmlProblem(404, `Lab not found: ${path['lab']}`);
  return lab;
}

function labBody(lab: Lab, now: Date) {
  return {
    id: lab.id,
    created: isoSeconds(lab.created),
    modified: isoSeconds(lab.modified),
    lab_title: lab.title,
    lab_description: '',
    lab_notes: lab.notes,
    owner: lab.owner.id,
    owner_username: lab.owner.username,
    owner_fullname: '',
    state: lab.stateAt(now),
    node_count: lab.nodeCount,
    link_count: lab.nodeCount,
    groups: [],
    effective_permissions: ['lab_admin', 'lab_edit', 'lab_exec', 'lab_view'],
  };
}

/** Labs, their state, and switching them. */
export const LAB_ROUTES: readonly CmlRoute[] = [
  {
    method: 'GET',
    path: '/labs',
    // Without show_all even an administrator is shown the own labs only.
    answer: (call) => {
      const { user } = callerOf(call);
      const all = call.query.get('show_all') === 'true';
      const labs = call.host.server.labs.filter((lab) => all || lab.owner.id === user.id);
      return { status: 200, body: labs.map((lab) => lab.id) };
    },
  },
  {
    method: 'GET',
    path: '/labs/:lab',
    answer: (call) => ({ status: 200, body: labBody(labOf(call), call.now) }),
  },
  {
    method: 'GET',
    path: '/labs/:lab/state',
    answer: (call) => ({ status: 200, body: labOf(call).stateAt(call.now) }),
  },
  {
    method: 'GET',
    path: '/labs/:lab/check_if_converged',
    answer: (call) => ({ status: 200, body: labOf(call).isConverged(call.now) }),
  },
  {
    method: 'GET',
    path: '/labs/:lab/events',
    answer: (call) => ({ status: 200, body: labEvents(labOf(call), call.now) }),
  },
  {
    method: 'GET',
    path: '/diagnostics/lab_events',
    answer: ({ host, now }) => ({
      status: 200,
      body: Object.fromEntries(host.server.labs.map((lab) => [lab.id, labEvents(lab, now)])),
    }),
  },
  {
    method: 'GET',
    path: '/labs/:lab/download',
    answer: (call) => {
      const lab = labOf(call);
      call.host.server.record('export_lab', callerOf(call).user, call.now, { lab_id: lab.id });
      return { status: 200, text: topology(lab) };
    },
  },
  {
    method: 'PUT',
    path: '/labs/:lab/start',
    answer: (call) => {
      call.host.server.startLab(labOf(call), callerOf(call).user, call.now);
      return { status: 204 };
    },
  },
  {
    method: 'PUT',
    path: '/labs/:lab/stop',
    answer: (call) => {
      call.host.server.stopLab(labOf(call), callerOf(call).user, call.now);
      return { status: 204 };
    },
  },
];
