/** Whether a path, with its query or without, is one of the API. Routes are found whatever the case, so this is too. */
export function isOfApi(path: string): boolean {
  return /^\/api([/?]|$)/i.test(path);
}
