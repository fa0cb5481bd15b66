/** How many of what: "1 history", "2 histories"; an `s` is added where no other plural is given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
