import { Injectable } from '@nestjs/common';
import { type SimulationPosition, SimulationStore } from '../domain/ports';
import { type Simulation, type SimulationSummary } from '../domain/simulation';
import { summaryOf } from './simulation.schema';

const KEPT = 100;

/** The latest simulations, in this process' memory. */
@Injectable()
export class MemorySimulationStore extends SimulationStore {
  /** newest first */
  private simulations: readonly Simulation[] = [];

  put(simulation: Simulation): Promise<void> {
    const others = this.simulations.filter(({ id }) => id !== simulation.id);
    this.simulations = [simulation, ...others].sort(newestFirst).slice(0, KEPT);
    return Promise.resolve();
  }

  find(id: string): Promise<Simulation | null> {
    return Promise.resolve(this.simulations.find((simulation) => simulation.id === id) ?? null);
  }

  page(limit: number, after: SimulationPosition | null): Promise<SimulationSummary[]> {
    const rest = after ? this.simulations.filter((one) => newestFirst(one, after) > 0) : this.simulations;
    return Promise.resolve(rest.slice(0, limit).map(summaryOf));
  }
}

function newestFirst(a: SimulationPosition, b: SimulationPosition): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
