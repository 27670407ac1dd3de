using Jstp.Client.Events;
using Jstp.Transport.Mdsf;

namespace Jstp.Cli.Output;

/// <summary>Writes results, a value a line.</summary>
internal sealed class ResultWriter(CliConsole console, OutputFormat format)
{
    public OutputFormat Format { get; set; } = format;

    /// <summary>Whether a person reads, who may get a drawing instead.</summary>
    public bool IsForPeople => Format == OutputFormat.Automatic && console.IsOutputTerminal;

    public void Write(MdsfValue value) => console.WriteResult(Format == OutputFormat.Json ? JsonText.Of(value) : value.ToString());

    public void Write(JstpRemoteEvent received) => Write(MdsfValue.CreateObject(
        ("interface", received.InterfaceName), ("event", received.Name), ("args", MdsfValue.CreateArray(received.Arguments))));
}
