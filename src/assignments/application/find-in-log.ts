import { type DirectoryFeed } from '../../event-store';
import { type AssignmentOfUser, type LabUserDirectory } from './lab-user-directory';

/**
 * An assignment by its id, also one that another process granted a moment ago: the log is read to its end before it is
 * said not to be there. @throws StoreUnavailable
 */
export async function findInLog(
  assignmentId: string,
  directory: LabUserDirectory,
  feed: DirectoryFeed,
): Promise<AssignmentOfUser | null> {
  const found = directory.find(assignmentId);
  if (found) return found;
  await feed.readAll();
  return directory.find(assignmentId);
}
