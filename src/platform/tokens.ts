/** The token under which Nest injects the `QueueStore`. */
export const QUEUE_STORE = Symbol("QueueStore");
