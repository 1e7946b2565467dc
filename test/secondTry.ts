/** Tests that drive whole processes against the clock: a machine that stands still for a second may fail one, and the log says so. */
const driven = /\/test\/(lifecycle|interop|sweep)\//;

if (driven.test(expect.getState().testPath ?? ""))
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
