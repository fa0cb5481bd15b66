/** A fault that ends the start. Its message is one plain sentence for whoever typed the command; no stack trace goes with it. */
export class StartError extends Error {}

/** One that lies in the environment or the flags themselves, and not in what they lead to. */
export class Misconfigured extends StartError {}
