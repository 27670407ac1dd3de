using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>
/// Reads the results of a call, or the arguments of an event. The reader stands on the start of their array: each <see cref="MdsfReader.Read"/> leads to the
/// next value, or to the end of the array. Not everything need be read. It runs where messages are received, so it must not block.
/// </summary>
/// <typeparam name="T">What the values make.</typeparam>
/// <param name="reader">The reader. It must not be kept.</param>
public delegate T JstpResultsReader<out T>(ref MdsfReader reader);
