/** The assembly cannot be read or run; the message says stack, logical id and path, and what is allowed. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}
