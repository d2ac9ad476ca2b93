// Each noun of the model is computed when it is first asked for, once per host.

/** Gives the function's result, computed at the first call. */
export function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | null = null;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
