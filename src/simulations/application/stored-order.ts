import { type SimulationOrder } from '../domain/simulation';

export const SIMULATE_POLICY = 'simulate-policy';

/** An order as an operation keeps it: values of JSON. */
export type StoredOrder = Omit<SimulationOrder, 'from' | 'to'> & {
  readonly from: string;
  readonly to: string;
};

export function storedOrder({ from, to, ...rest }: SimulationOrder): StoredOrder {
  return { ...rest, from: from.toISOString(), to: to.toISOString() };
}

export function orderFrom({ from, to, ...rest }: StoredOrder): SimulationOrder {
  return { ...rest, from: new Date(from), to: new Date(to) };
}
