import { type Lab } from './lab';

/** What `GET /labs/{id}/events` tells of a lab up to a time, oldest first. */
export function labEvents(lab: Lab, now: Date) {
  const elements = [
    { type: 'LAB', id: lab.id, name: { lab_title: lab.title }, states: lab.states },
    ...lab.nodes.map(({ id, label, states }) => ({ type: 'NODE', id, name: { label }, states })),
  ];
  const events = elements.flatMap(({ type, id, name, states }) =>
    states.until(now).map(({ at, value }, index, steps) => ({
      lab_id: lab.id,
      event: index === 0 ? 'ADD' : 'STATE_CHANGED',
      element_type: type,
      element_id: id,
      data: { ...name, state: value },
      previous: index === 0 ? {} : { ...name, state: steps[index - 1]?.value },
      timestamp: at.toISOString(),
    })),
  );
  return events.sort((a, b) => a.timestamp.localeCompare(b.timestamp));
}
