/** Orders version numbers such as 1.9.0 and 1.10.0 by their parts; what is no number is compared as text. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one.split(/[.+-]/), other.split(/[.+-]/)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = comparePart(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(one: string | undefined, other: string | undefined): number {
  const [left, right] = [Number(one ?? -1), Number(other ?? -1)];
  if (Number.isNaN(left) || Number.isNaN(right)) return (one ?? "") < (other ?? "") ? -1 : one === other ? 0 : 1;
  return left - right;
}
