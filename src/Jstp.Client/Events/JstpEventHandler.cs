using Jstp.Transport.Mdsf;

namespace Jstp.Client.Events;

/// <summary>
/// Handles an event without any conversion. The reader stands on the start of the array of arguments: each <see cref="MdsfReader.Read"/> leads to the next one, or
/// to the end of the array. It runs where messages are received, one event after the other, so it must not block.
/// </summary>
/// <param name="arguments">The arguments. The reader must not be kept.</param>
public delegate void JstpEventHandler(ref MdsfReader arguments);
