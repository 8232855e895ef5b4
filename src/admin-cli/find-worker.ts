import { CliError, EXIT } from './cli-error';
import { type FleetApi } from './fleet-api';
import { plain } from './table';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LONGEST_NAME = 100;

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * The id of a worker that is called by it, or by its name in any case; a terminated one has lost its name.
 * @throws CliError when no worker has that name
 */
export async function workerIdOf(api: FleetApi, nameOrId: string): Promise<string> {
  if (UUID.test(nameOrId)) return nameOrId.toLowerCase();
  const name = nameOrId.trim();
  const alike =
    name === '' || name.length > LONGEST_NAME ? [] : await api.all<Named>('/api/v1/workers', { q: name });
  const found = alike.find((worker) => worker.name.toLowerCase() === name.toLowerCase());
  if (found) return found.id;
  const names = alike.slice(0, 5).map((worker) => plain(worker.name));
  const hint = names.length > 0 ? ` Is one of these meant: ${names.join(', ')}?` : '';
  throw new CliError(`There is no worker called ${plain(nameOrId)}.${hint}`, EXIT.notFound);
}
