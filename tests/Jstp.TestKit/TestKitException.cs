namespace Jstp.TestKit;

/// <summary>An expectation of a test did not come true; the message says what was awaited and what came instead.</summary>
public sealed class TestKitException(string message) : Exception(message);
