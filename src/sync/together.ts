/**
 * Does both at once, and has both ended when it resolves or rejects: where one fails, the other is aborted and awaited, so that
 * nothing goes on behind the caller's back.
 */
export async function together<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>
): Promise<[A, B]> {
  const controller = new AbortController();
  const both = AbortSignal.any([signal, controller.signal]);
  let failure: { readonly error: unknown } | null = null;
  const watched = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    try {
      return await work(both);
    } catch (error) {
      failure ??= { error };
      controller.abort();
      return undefined;
    }
  };
  const [a, b] = await Promise.all([watched(first), watched(second)]);
  if (failure) {
    throw (failure as { readonly error: unknown }).error;
  }
  return [a as A, b as B];
}
