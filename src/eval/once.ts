// What is computed when it is first asked for, and then kept.

export function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | null = null;
  let pending: (() => T) | null = compute;
  return () => {
    // Nothing that was only needed to compute it is kept.
    if (result === null && pending !== null) result = { value: pending() };
    pending = null;
    return (result as { readonly value: T }).value;
  };
}

export function oncePerName<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const value = known.get(name) ?? compute(name);
    known.set(name, value);
    return value;
  };
}
