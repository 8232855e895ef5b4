/**
 * Options of a Mongoose schema for a read model: a field or a filter path that the schema does not know throws, since
 * Mongoose would drop it, and a filter without its path matches everything. Indexes are created by the root.
 */
export function readModelOptions(collection: string) {
  return {
    collection,
    versionKey: false,
    strict: 'throw',
    strictQuery: 'throw',
    minimize: false,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
  } as const;
}
