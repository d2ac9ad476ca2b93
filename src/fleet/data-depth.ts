// Data that others wrote, which may be nested without end: aliases in YAML can lead back to where they stand.

/** No file of secrets is nested as deeply. */
const deepest = 100;

export function isTooDeep(value: unknown, left = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}
