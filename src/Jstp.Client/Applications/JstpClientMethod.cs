using System.Buffers;

namespace Jstp.Client.Applications;

/// <summary>A method that the server can call, without any conversion.</summary>
/// <param name="arguments">The arguments: one MDSF array, which the method may keep.</param>
/// <param name="results">Takes the results: one MDSF array, written before the task ends. Left empty, there are no results.</param>
/// <param name="cancellationToken">Cancelled when the connection closes for good.</param>
/// <exception cref="Transport.Protocol.JstpException">The error that the server gets. Any other exception reaches it as error 16, without a word of its cause.</exception>
public delegate ValueTask JstpClientMethod(ReadOnlyMemory<byte> arguments, IBufferWriter<byte> results, CancellationToken cancellationToken);
