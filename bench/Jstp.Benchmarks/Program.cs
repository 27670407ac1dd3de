using BenchmarkDotNet.Running;
using Jstp.Benchmarks.Dispatch;

if (args is ["dispatch-start"])
{
    DispatchStart.Run();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
