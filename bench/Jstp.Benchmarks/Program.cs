using BenchmarkDotNet.Running;
using Jstp.Benchmarks.Dispatch;

switch (args)
{
    case ["dispatch-start"]:
        DispatchStart.Run();
        break;
    case ["dispatch-turns"]:
        DispatchTurns.Run();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
