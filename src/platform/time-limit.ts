/** What was promised, or `ifLate` where it takes longer than that; nobody listens to it then, not even to its fault. */
export async function withTimeLimit<T, Late>(ms: number, promise: Promise<T>, ifLate: Late): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Late>((resolve) => (timer = setTimeout(resolve, ms, ifLate)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
