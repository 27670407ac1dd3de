using Jstp.Cli;

return await CliApplication.RunAsync(args, CliServices.CreateForProcess());
