using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>Writes the arguments of a call or an event, one value after the other. The array around them is written already.</summary>
/// <typeparam name="TState">What holds the arguments.</typeparam>
/// <param name="writer">The writer, inside the array.</param>
/// <param name="state">The arguments.</param>
public delegate void JstpArgumentsWriter<in TState>(ref MdsfWriter writer, TState state)
    where TState : allows ref struct;
