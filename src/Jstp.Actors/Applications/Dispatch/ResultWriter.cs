using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Writes the results that one .NET value stands for (a tuple stands for several) as elements of the open array.</summary>
internal delegate void ResultWriter<in T>(ref MdsfWriter writer, T value);
