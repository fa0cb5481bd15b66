/** Closes the output with one plain line that any reader of logs understands. */
export default class TallyReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites }) {
    // A file that could not even be loaded ran none of its tests.
    const failed =
      numFailedTests + Math.max(numRuntimeErrorTestSuites, numFailedTestSuites > 0 && numFailedTests === 0 ? 1 : 0);
    process.once("exit", () => process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`));
  }
}
