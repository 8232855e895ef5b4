import { type Lab } from '../../labs';
import { type LabSummary, type LabsValues } from '../../telemetry';
import { unreadable } from './cml-errors';
import { timeIn } from './cml-time';
import { numberIn, recordIn, textIn } from './unknown-json';

/** The state of a lab that runs; DEFINED_ON_CORE and STOPPED are the others. */
const RUNNING = 'STARTED';

/** The ids in the answer of `GET /labs`. @throws CmlError `unreadable`: a part of the list would look like all */
export function labIds(answer: unknown): string[] {
  if (!Array.isArray(answer)) throw unreadable('its list of labs is no list');
  return answer.map((id) => {
    if (typeof id !== 'string') throw unreadable('its list of labs has an entry that is no id');
    return id;
  });
}

/** One lab. @throws CmlError `unreadable` where its state is missing: it may be running */
export function labIn(id: string, answer: unknown): Lab {
  const lab = recordIn(answer);
  const state = textIn(lab['state']);
  if (state === null) throw unreadable(`lab ${id} has no state`);
  return {
    id,
    title: textIn(lab['lab_title']),
    owner: textIn(lab['owner_username']) ?? textIn(lab['owner']),
    state,
    nodeCount: numberIn(lab['node_count']),
    linkCount: numberIn(lab['link_count']),
    createdAt: timeIn(lab['created']),
    modifiedAt: timeIn(lab['modified']),
  };
}

export function labsValues(labs: readonly Lab[]): LabsValues {
  const running = labs.filter(({ state }) => state === RUNNING).length;
  return { total: labs.length, running, labs: labs.map(summaryOf) };
}

function summaryOf({ id, title, owner, state, nodeCount, modifiedAt }: Lab): LabSummary {
  return { id, title, owner, state, nodeCount, modifiedAt };
}
