/** Tags that mark an instance as ours. IAM policies and sweeps go by the first one. */
export const MANAGED_BY_TAG = 'managed-by';
export const MANAGED_BY = 'cml-fleet';
/** The worker that the instance belongs to: how an instance is found again after a crash. */
export const WORKER_TAG = 'cml-fleet:worker-id';
export const INSTALLATION_TAG = 'cml-fleet:installation-id';

/** The other installation of cml-fleet that an instance's tags name; null: none, or ours. */
export function otherInstallation(tags: Readonly<Record<string, string>>, ours: string): string | null {
  const named = tags[INSTALLATION_TAG] || null;
  return named === ours ? null : named;
}
